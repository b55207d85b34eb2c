// Files on their way: checked here for kindness, by the server for truth.

export const MOST_FILES = 10;

/** A sentence's key when the file cannot be taken, else null. */
export function objection(file, { mostBytes }) {
    if (file.size === 0) return "uploadEmpty";
    if (file.size > mostBytes) return "uploadTooBig";
    return null;
}

/** A key of the catalogue for the server's refusal. */
export function reasonOf(status, code) {
    if (status === 413 || code === "too_long") return "uploadTooBig";
    if (status === 415 || code === "bad_upload") return "uploadWrongType";
    return "uploadFailed";
}

/**
 * Send one file. `onprogress` gets 0 … 1. Resolves to {id, name, size, content_type, url}; rejects
 * with {key}, a sentence of the catalogue. `stop()` on the result gives up.
 */
export function upload(file, { token, onprogress, Request = XMLHttpRequest }) {
    const request = new Request();
    const done = new Promise((resolve, reject) => {
        request.upload.addEventListener("progress", (event) => {
            if (event.lengthComputable) onprogress(event.loaded / event.total);
        });
        request.addEventListener("load", () => {
            const answer = request.response ?? {};
            if (request.status >= 200 && request.status < 300 && answer.id) resolve(answer);
            else reject({ key: reasonOf(request.status, answer.code), status: request.status });
        });
        request.addEventListener("error", () => reject({ key: "uploadFailed", status: 0 }));
        request.addEventListener("timeout", () => reject({ key: "uploadFailed", status: 0 }));
        request.addEventListener("abort", () => reject({ key: null, status: 0 }));
    });
    request.open("POST", "/api/v1/uploads");
    request.responseType = "json";
    request.timeout = 120_000;
    request.setRequestHeader("Authorization", `Bearer ${token}`);
    const form = new FormData();
    form.append("file", file, file.name || "file");
    request.send(form);
    return { done, stop: () => request.abort() };
}
