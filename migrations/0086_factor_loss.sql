-- Somebody lost their second factor and every recovery code. Nothing is taken away by itself: after
-- due_at somebody else of the hoster decides. ending: kept (stopped by a mailed link), found (the factor
-- was used again), approved, refused, lapsed. Whoever asked is never who decides.
CREATE TABLE factor_loss (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES wabe_user (id),
    customer_id TEXT NOT NULL REFERENCES customer (id),
    asked_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    told_at BIGINT,
    ended_at BIGINT,
    ending TEXT,
    decided_by TEXT,
    reason TEXT,
    CHECK (decided_by IS NULL OR decided_by <> user_id),
    CHECK ((ended_at IS NULL AND ending IS NULL) OR (ended_at IS NOT NULL AND ending IS NOT NULL)),
    CHECK (ending IS NULL OR ending NOT IN ('approved', 'refused')
        OR (decided_by IS NOT NULL AND reason IS NOT NULL)),
    CHECK (ending IS NULL OR ending <> 'approved' OR ended_at >= due_at)
);
CREATE UNIQUE INDEX factor_loss_open ON factor_loss (user_id) WHERE ended_at IS NULL;
CREATE INDEX factor_loss_due ON factor_loss (due_at) WHERE ended_at IS NULL;
CREATE INDEX factor_loss_customer ON factor_loss (customer_id, asked_at);
CREATE INDEX factor_loss_ended ON factor_loss (ended_at);

-- Somebody who lost the letter asks for it by their address alone.
CREATE INDEX invitation_email ON invitation (email, expires_at);
