-- AlterTable
ALTER TABLE "directory_object" ADD COLUMN     "presence_version" BIGINT NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "directory_service_principal" ADD COLUMN     "roles_version" BIGINT NOT NULL DEFAULT 0;

-- CreateIndex
CREATE INDEX "directory_membership_nested" ON "directory_membership"("tenant_id", "group_id") WHERE (member_type = 'Group');
