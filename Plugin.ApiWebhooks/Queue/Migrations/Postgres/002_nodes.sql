-- Several nodes of a host share these tables. What only one of them may do at a time is decided here, by rows and the one clock of the database.

-- The nodes that run. Each moves its time on every few seconds; one whose time is over has died or is cut off, and whoever sees that removes it.
CREATE TABLE node (
    id          bigint PRIMARY KEY,               -- its session
    name        text COLLATE "C" NOT NULL,        -- machine and process, for people
    config      text COLLATE "C" NOT NULL,        -- a hash of the config.json in force there
    started_at  bigint NOT NULL,
    alive_until bigint NOT NULL
-- Updated all the time, and a few rows at most: they stay on their page.
) WITH (fillfactor = 10, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);

-- Which node serves a subscription: one at a time, so that its order, its rate limit, what is known of its receiver and its places hold whatever the number of nodes.
-- A row whose node is gone may be taken by another.
CREATE TABLE lane (
    subscription_id bigint PRIMARY KEY,
    node_id         bigint NOT NULL
);

-- Counts up with each change of what nodes keep in memory: who keeps it asks whether it moved.
CREATE TABLE shared_version (
    name   text COLLATE "C" PRIMARY KEY,
    number bigint NOT NULL
) WITH (fillfactor = 10);

INSERT INTO shared_version (name, number) VALUES ('subscriptions', 0), ('replays', 0), ('refusals', 0);

CREATE FUNCTION count_shared_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE shared_version SET number = number + 1 WHERE name = TG_ARGV[0];
    RETURN NULL;
END
$$;

-- Not when only the time since which a receiver fails moves: that is read by whoever takes its lane.
CREATE TRIGGER subscription_changed AFTER UPDATE OF label, state, state_reason, starts_after, disabled_way, ordering ON subscription
    FOR EACH STATEMENT EXECUTE FUNCTION count_shared_version('subscriptions');
CREATE TRIGGER subscription_added AFTER INSERT OR DELETE ON subscription FOR EACH STATEMENT EXECUTE FUNCTION count_shared_version('subscriptions');
CREATE TRIGGER stored_hook_changed AFTER INSERT OR UPDATE OR DELETE ON stored_hook FOR EACH STATEMENT EXECUTE FUNCTION count_shared_version('subscriptions');
CREATE TRIGGER hook_secret_changed AFTER INSERT OR UPDATE OR DELETE ON hook_secret FOR EACH STATEMENT EXECUTE FUNCTION count_shared_version('subscriptions');
CREATE TRIGGER replay_added AFTER INSERT ON replay FOR EACH STATEMENT EXECUTE FUNCTION count_shared_version('replays');
CREATE TRIGGER refusal_changed AFTER INSERT OR DELETE ON refusal FOR EACH STATEMENT EXECUTE FUNCTION count_shared_version('refusals');
