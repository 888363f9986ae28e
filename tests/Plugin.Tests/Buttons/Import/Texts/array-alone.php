 [['buttontext' => 'One', 'url' => 'https://one.example.org/?id=']]
