$api_webhooks_urls = array(
  array("buttontext" => 'It\'s a \\ and \n', "url" => "https://a.example.org/?a=1&id="),
  array("buttontext" => "Tab\there \"q\" \$5 \\ \q \x41\101 \u{e9}\xc3\xa9 {no} $ 5", "url" => "https://b.example.org/?id="),
  array("buttontext" => "Line\nbreak é 推 \u{1F504}", "url" => ("https://" . 'c.example.org') . "/" . 7 . true . null . "?id="),
);
