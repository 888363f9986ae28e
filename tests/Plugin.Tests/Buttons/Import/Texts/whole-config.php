<?php
/* The configuration of a site.
   $api_webhooks_urls = array(array("url" => "https://commented.example.org/"));
*/
$mysql_password = "it's \"quoted\" {$nested["key"]} $here";
$baseurl = 'https://dam.example.org'; // no trailing slash; $api_webhooks_urls = 1;
#$api_webhooks_urls = array(array("url" => "https://hash.example.org/"));
$text = <<<EOT
$api_webhooks_urls = array(array("url" => "https://heredoc.example.org/"));
EOTNOT
  EOT;
$raw = <<<'RAW'
It's "never" closed
RAW;
$list = ['a' => ['b' => function ($x) { return $x['c'] ?? null; }], 'd' => [1.5, -2, 0x1F]];
$command = `ls -l`;
$api_webhooks_urls = ['old' => ['buttontext' => 'Overwritten', 'url' => 'https://old.example.org/']];
$api_webhooks_urls = [];
$api_webhooks_urls[] = ['location' => 'edit', 'buttontext' => '~en:Push~fr:Envoyer', 'url' => 'https://cms.example.org/' . "push?id=",];
if (isset($api_webhooks_urls) && count($api_webhooks_urls) > 0) { $enabled = true; }
// A comment of one line ends here ?>
<p>$api_webhooks_urls[] = array("url" => "https://markup.example.org/");</p>
<?php
$api_webhooks_urls[] = Array('LOCATION' => 'x', 'location' => 'edit', 'buttontext' => 'Second', 'url' => 'https://cms.example.org/2?id=') ?>
