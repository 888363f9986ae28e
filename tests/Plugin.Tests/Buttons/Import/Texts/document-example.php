<?php
# Two buttons, as the vendor's example has them.
$api_webhooks_urls = array(
    array(
        "location"=>"edit",
        "buttontext"=>"Fetch object data from CMS",
        "url"=>"https://cms.example.org/fetch.php?resource_id=",
    ),
    array(
        "location"=>"edit",
        "buttontext"=>"Push image to CMS",
        "url"=>"https://cms.example.org/push.php?resource_id=",
    ),
);
