$cms = 'https://cms.example.org/';
$api_webhooks_urls = array(
  array("buttontext" => "Interpolated $name", "url" => "{$cms}push?id="),
  array("buttontext" => $lang['push'] . " it", "url" => $cms . "push?id="),
  array("buttontext" => BUTTON_TEXT, "url" => getenv("CMS", [1, 2]) . "push?id="),
  array("buttontext" => $a ? "x" : "y", "url" => $config->cms->url),
  array("buttontext" => <<<EOT
    text
    EOT, "url" => 1.5), array("buttontext" => "a" ?: "b"),
  array("buttontext" => "Good", "url" => "https://good.example.org/?id="),
);
