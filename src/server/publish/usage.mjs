/** What `npm run publish -- --help` prints. Without imports: nothing need be installed to read it. */

/** The text, without a final line break. */
export const USAGE = `npm run publish -- --room ROOM --name NAME [--server URL] [--token TOKEN] [--transcode] FILE|rtsp://…

Sends a video into a live room, over and over when it is a file. Needs ffmpeg.

  --room ROOM    which room
  --name NAME    what the vehicle is called there
  --server URL   the server; http://127.0.0.1:8080/ without it
  --token TOKEN  an invitation to publish, or one whose holder may invite. Better given as CARRIAGEWAY_TOKEN, which is
                 read first: arguments are shown to everybody on a machine. Without one, LIVE_SECRET asks the server
  --transcode    encode anew even where the video could be sent as it is`;
