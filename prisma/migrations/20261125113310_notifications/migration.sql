-- CreateTable
CREATE TABLE "notification" (
    "id" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "job_id" TEXT,
    "event" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "routed_at" TIMESTAMPTZ(3),

    CONSTRAINT "notification_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "notification_delivery" (
    "id" TEXT NOT NULL,
    "notification_id" TEXT NOT NULL,
    "channel" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'waiting',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "error" TEXT,

    CONSTRAINT "notification_delivery_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "notification_key_key" ON "notification"("key");

-- CreateIndex
CREATE INDEX "notification_created_at_idx" ON "notification"("created_at");

-- CreateIndex
CREATE INDEX "notification_unrouted" ON "notification"("created_at") WHERE (routed_at IS NULL);

-- CreateIndex
CREATE INDEX "notification_delivery_waiting" ON "notification_delivery"("at") WHERE (state = 'waiting');

-- CreateIndex
CREATE UNIQUE INDEX "notification_delivery_notification_id_channel_address_key" ON "notification_delivery"("notification_id", "channel", "address");
