// Reads the text of a QR code from a picture: with the browser's own reader where
// there is one, otherwise with the package qr, which is bundled.
import decode from 'qr/decode.js';

const most = 4096; // pixels of a side that are looked at

async function native(bitmap) {
  if (typeof BarcodeDetector !== 'function') return null;
  try {
    if (!(await BarcodeDetector.getSupportedFormats()).includes('qr_code')) return null;
    const codes = await new BarcodeDetector({ formats: ['qr_code'] }).detect(bitmap);
    return codes.length > 0 ? codes[0].rawValue : null;
  } catch {
    return null; // the other reader may do better
  }
}

// pixels returns a picture scaled and turned.
function pixels(bitmap, scale, degrees) {
  const angle = (degrees * Math.PI) / 180;
  const [w, h] = [bitmap.width * scale, bitmap.height * scale];
  const [cos, sin] = [Math.abs(Math.cos(angle)), Math.abs(Math.sin(angle))];
  const canvas = new OffscreenCanvas(Math.ceil(w * cos + h * sin), Math.ceil(w * sin + h * cos));
  const context = canvas.getContext('2d', { willReadFrequently: true });
  context.fillStyle = '#fff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.translate(canvas.width / 2, canvas.height / 2);
  context.rotate(angle);
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, -w / 2, -h / 2, w, h);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

function attempt(bitmap, scale, degrees, timeLimit) {
  try {
    return decode(pixels(bitmap, scale, degrees), { effort: 8, timeLimit });
  } catch {
    return null;
  }
}

const pause = () => new Promise((resolve) => setTimeout(resolve, 0));

// readPicture returns the text of the code in a file, or null.
export async function readPicture(file) {
  let bitmap;
  try {
    bitmap = await createImageBitmap(file);
  } catch {
    return null;
  }
  const found = await native(bitmap);
  if (found !== null) return found;
  const side = Math.max(bitmap.width, bitmap.height);
  const full = Math.min(1, most / side);
  const scales = [full, 1600 / side, 1000 / side, 700 / side, 2].filter((s) => s <= full || (s === 2 && side <= 900));
  for (const degrees of [0, 45, 22, -22]) {
    for (const scale of degrees === 0 ? scales : [full, Math.min(full, 1000 / side)]) {
      await pause();
      const text = attempt(bitmap, scale, degrees, 800);
      if (text !== null) return text;
    }
  }
  return null;
}

// readFrame returns the text of the code in one picture of a video, or null.
export async function readFrame(video) {
  const bitmap = await createImageBitmap(video);
  const text = (await native(bitmap)) ?? attempt(bitmap, Math.min(1, 1600 / Math.max(bitmap.width, bitmap.height)), 0, 150);
  bitmap.close();
  return text;
}
