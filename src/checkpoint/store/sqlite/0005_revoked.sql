-- Confirmations that were taken back are few and asked for often, by whoever checks a credential.
CREATE INDEX event_reopened ON event (seq) WHERE kind = 'reopened';
