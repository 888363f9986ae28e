-- What the way of a subscription was when it was disabled: a hook that leads elsewhere now is tried again.
ALTER TABLE subscription ADD COLUMN disabled_way TEXT;
