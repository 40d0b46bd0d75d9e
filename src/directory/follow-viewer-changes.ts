import { listenTo } from '../database/notifications.js';
import type { DatabaseLocation } from '../database/orm-options.js';
import type { App } from '../request/app.js';
import { viewerChangesOf } from './viewer-changes.js';

/** The channel on which triggers say that there is something to read. */
const CHANNEL = 'viewer_change';

/**
 * From here on the server knows of revocations, whichever server or operator makes them.
 * @param onSilence called where the database does not answer any more, as far as this one listens to it
 * @returns how to stop it
 */
export async function followViewerChanges(
  app: App,
  location: DatabaseLocation,
  onSilence: () => void,
): Promise<() => Promise<void>> {
  const changes = viewerChangesOf(app);
  await changes.read();
  changes.start();
  const notifications = await listenTo({
    orm: app.orm,
    location,
    channel: CHANNEL,
    onNotification: () => void changes.read(),
    onSilence,
    log: app.log,
  });
  return async () => {
    await notifications.close();
    await changes.stop();
  };
}
