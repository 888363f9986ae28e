$api_webhooks_urls = array("buttontext"=>"One", "url" =>         "https://a.example.org/");
