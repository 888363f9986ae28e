<?php $api_webhook_urls = array(); $API_WEBHOOKS_URLS = array();
