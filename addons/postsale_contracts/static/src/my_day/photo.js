/** Longest side in pixels: enough for a name plate, small enough for a slow line. */
const LONGEST_SIDE = 1600;
const QUALITY = 0.85;

/**
 * A photo made smaller, as JPEG without its place and camera.
 *
 * @param {Blob} file
 * @returns {Promise<String>} in base64
 * @throws {Error} when it is no picture
 */
export async function readPhoto(file) {
    const url = URL.createObjectURL(file);
    try {
        const image = new Image();
        image.src = url;
        await image.decode();
        const {naturalWidth, naturalHeight} = image;
        const scale = Math.min(1, LONGEST_SIDE / Math.max(naturalWidth, naturalHeight));
        const canvas = document.createElement("canvas");
        canvas.width = Math.max(1, Math.round(naturalWidth * scale));
        canvas.height = Math.max(1, Math.round(naturalHeight * scale));
        const context = canvas.getContext("2d");
        context.fillStyle = "white"; // JPEG knows nothing of what is see-through
        context.fillRect(0, 0, canvas.width, canvas.height);
        context.drawImage(image, 0, 0, canvas.width, canvas.height);
        return canvas.toDataURL("image/jpeg", QUALITY).split(",")[1];
    } finally {
        URL.revokeObjectURL(url);
    }
}
