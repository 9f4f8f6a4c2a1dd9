// The camera, until a code is read or the dialog is closed.
import { byId, show } from './dom.js';
import { readFrame } from './qr.js';
import { text } from './texts.js';

// scan returns the text of a code before the camera, or null if the dialog was closed.
export async function scan() {
  const dialog = byId('camera');
  const video = byId('video');
  show(byId('camera-problem'), null);
  dialog.showModal();
  let open = true;
  const closed = new Promise((resolve) => {
    dialog.addEventListener('close', () => { open = false; resolve(); }, { once: true });
  });
  let stream = null;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment', width: { ideal: 1920 }, height: { ideal: 1080 } }, audio: false });
    video.srcObject = stream;
    await video.play();
    while (open) {
      const found = video.readyState >= 2 ? await readFrame(video) : null;
      if (found !== null && open) return found;
      await new Promise((resolve) => setTimeout(resolve, 120));
    }
  } catch {
    if (open) {
      show(byId('camera-problem'), text('cameraNone'));
      await closed;
    }
  } finally {
    for (const track of stream?.getTracks() ?? []) track.stop();
    video.srcObject = null;
    if (dialog.open) dialog.close();
  }
  return null;
}
