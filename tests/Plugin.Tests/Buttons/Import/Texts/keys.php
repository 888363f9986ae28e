$api_webhooks_urls[5] = array("buttontext" => "Five", "url" => "https://5.example.org/?id=");
$api_webhooks_urls[] = array("buttontext" => "Six", "url" => "https://6.example.org/?id=");
$api_webhooks_urls["5"] = array("buttontext" => "Five again", "buttontext" => "Five anew", "url" => "https://5.example.org/?id=");
$api_webhooks_urls['name'] = array("buttontext" => "Named", "url" => "https://n.example.org/?id=");
