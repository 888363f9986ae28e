$api_webhooks_urls = [["buttontext"=> "\xe9", "url" => "a \u{110000}"]];
