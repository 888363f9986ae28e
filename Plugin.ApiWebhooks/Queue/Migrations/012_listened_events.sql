-- What an application wants to be told before it has said where: a JSON array of event names. With the address they go into its hook.
ALTER TABLE client_application ADD COLUMN listened_events TEXT NOT NULL DEFAULT '[]';
