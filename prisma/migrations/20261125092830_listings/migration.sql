-- CreateTable
CREATE TABLE "target_listing" (
    "cycle_id" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "position" TEXT NOT NULL,
    "last_id" TEXT,
    "received" INTEGER NOT NULL DEFAULT 0,
    "requests" INTEGER NOT NULL DEFAULT 0,
    "partial" BOOLEAN NOT NULL DEFAULT false,
    "checks" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "target_listing_pkey" PRIMARY KEY ("cycle_id","type")
);

-- CreateTable
CREATE TABLE "listed_resource" (
    "cycle_id" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "attributes" JSONB NOT NULL,

    CONSTRAINT "listed_resource_pkey" PRIMARY KEY ("cycle_id","type","id")
);

-- CreateTable
CREATE TABLE "listed_value" (
    "cycle_id" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "path" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "id" TEXT NOT NULL,

    CONSTRAINT "listed_value_pkey" PRIMARY KEY ("cycle_id","type","path","value","id")
);
