$api_webhooks_urls = array(
  array("buttontext" => "One", "url" => "https://a.example.org/"]
);
