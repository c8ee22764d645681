-- CreateTable
CREATE TABLE "log_feed" (
    "transaction" BIGINT NOT NULL DEFAULT ((pg_current_xact_id())::text)::bigint,
    "id" BIGSERIAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "oldest" TIMESTAMPTZ(3) NOT NULL,
    "newest" TIMESTAMPTZ(3) NOT NULL,
    "log_ids" TEXT[],

    CONSTRAINT "log_feed_pkey" PRIMARY KEY ("transaction","id")
);

-- CreateIndex
CREATE INDEX "log_feed_at_idx" ON "log_feed"("at");
