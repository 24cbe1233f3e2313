import type { SqliteStore } from '../../platforms/local/store/store.ts'
import type { History } from './history.ts'

/** Has the database tell the history what becomes of apps, versions, containers, calls, slots and notices, whoever writes it. */
export function noteTransitions({ database }: SqliteStore, history: History): void {
  database.connection.function('note_event', (name, about) => {
    history.note('event', String(name), String(about))
    return null
  })
  database.connection.exec(TRANSITIONS)
}

const TRANSITIONS = `
  create trigger note_app after update on apps when old.state <> new.state
    begin select note_event('app ' || old.state || ' → ' || new.state, new.app); end;
  create trigger note_version after insert on versions
    begin select note_event('version begun by ' || iif(new.record ->> 'automatic', 'itself', new.record ->> 'origin'),
      'v' || new.version || ', ' || new.status); end;
  create trigger note_version_status after update on versions when old.status <> new.status
    begin select note_event('version ' || old.status || ' → ' || new.status, 'v' || new.version); end;
  create trigger note_version_gone after delete on versions
    begin select note_event('version collected', 'v' || old.version); end;
  create trigger note_container after insert on containers
    begin select note_event('container ' || new.state, new.id || ', ' || new.function || ' v' || new.version); end;
  create trigger note_container_state after update on containers when old.state <> new.state
    begin select note_event('container ' || old.state || ' → ' || new.state,
      new.id || ', ' || new.function || ' v' || new.version || coalesce(', ' || new.reason, '')); end;
  create trigger note_call after insert on calls
    begin select note_event('call accepted', new.id || ', ' || new.function || coalesce(' for v' || new.pin, '')
      || ', ' || new.source); end;
  create trigger note_call_status after update on calls when old.status <> new.status
    begin select note_event('call ' || old.status || ' → ' || new.status
      || iif(new.status = 'pending', iif(new.failures > old.failures, ', it failed', ', it was lost'), ''), new.id
      || coalesce(', ' || coalesce(new.container, old.container) || ' v' || coalesce(new.version, old.version), '')
      || ', attempt ' || new.attempts); end;
  create trigger note_overrun after update on calls when old.status = 'running' and new.error ->> 'name' = 'TimeoutError'
    begin select note_event('call ended at its timeout', new.id || ', by the control plane'); end;
  create trigger note_firing after insert on firings
    begin select note_event('slot ' || new.outcome, new.function || ' ' || new.slot || coalesce(', ' || new.call, '')); end;
  create trigger note_notice after insert on notices
    begin select note_event('notice ' || substr(new.id, 1, instr(new.id, '/') - 1), new.id); end;
`
