$api_webhooks_urls = array();
$api_webhooks_urls[0]["url"] = "https://a.example.org/";
$api_webhooks_urls += array(array());
