$api_webhooks_urls = [
  ["location" => "view", "buttontext" => "On the view page", "url" => "https://a.example.org/?id="],
  ["location" => "edit", "buttontext" => "No address"],
  ["buttontext" => "Fragment", "url" => "https://b.example.org/?id=#top"],
  ["buttontext" => "Password", "url" => "https://user:planted-pw@c.example.org/?id="],
  ["buttontext" => "Private", "url" => "http://10.1.2.3:8080/?id="],
  ["buttontext" => "Loopback", "url" => "http://[::1]/?id="],
  ["buttontext" => "Inner name", "url" => "https://cms/?id="],
  ["buttontext" => "Placeholder", "url" => "https://d.example.org/{id}?x={ref}&id="],
  ["buttontext" => "A file", "url" => "file:///etc/passwd?"],
  ["buttontext" => "Blank", "url" => "https://e.example.org/a b?id="],
  ["url" => "https://f.example.org/?id=", "timeout" => 5, "nested" => ["a" => ["b"]]],
];
array_push($api_webhooks_urls, ["url" => "https://pushed.example.org/"]);
if ($test) {
  $api_webhooks_urls[] = ["buttontext" => "Sometimes", "url" => "https://g.example.org/?id="];
}
