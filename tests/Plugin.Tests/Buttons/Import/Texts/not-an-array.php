$api_webhooks_urls = "https://a.example.org/";
