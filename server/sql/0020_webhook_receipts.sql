-- A delivery is an event on its way to a subscription; what we note of a webhook that came is its receipt.
alter table webhook_deliveries rename to webhook_receipts;
alter table webhook_receipts rename column delivery_hash to message_hash;
alter table webhook_receipts rename constraint webhook_deliveries_pkey to webhook_receipts_pkey;
alter index webhook_deliveries_expired rename to webhook_receipts_expired;
