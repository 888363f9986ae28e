$api_webhooks_urls = array();
