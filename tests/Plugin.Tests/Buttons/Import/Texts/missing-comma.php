$api_webhooks_urls = array(
  array("buttontext" => "One", "url" => "https://a.example.org/")
  array("buttontext" => "Two", "url" => "https://b.example.org/")
);
