/**
 * What `npm start -- --help` prints. Plain JavaScript without imports: whoever asks how to begin has installed nothing
 * yet, and must not have to.
 */

/** A port nobody well known uses, and easy to remember. */
export const DEFAULT_PORT = 8080;

/** The text, without a final line break. */
export const USAGE = `npm start [-- --port N --host NAME]

  --port N      port to listen on (PORT); without it ${DEFAULT_PORT} or the next free one, 0 for any free one
  --host NAME   address to listen on (HOST); 127.0.0.1 unless told otherwise, 0.0.0.0 for the whole network
  --https       HTTPS (HTTPS=on), with a certificate made at the start whose fingerprint is shown
  --cert FILE --key FILE  HTTPS with a certificate of yours, as PEM (HTTPS_CERT, HTTPS_KEY)
  --trust-proxy L  proxies whose X-Forwarded-For is believed (TRUST_PROXY): addresses or ranges such as 10.0.0.0/8
  --embedders L  pages that may show this one in a frame (EMBEDDERS): origins such as https://a.example, by commas
  --log LEVEL   what is logged as JSON on the error output (LOG_LEVEL): debug, info, warn, error or silent
  --no-live     no live rooms (LIVE=off)
  --announce L  addresses or names that clients are told for media (ANNOUNCE), separated by commas
  --media-host A  address to listen on for media (MEDIA_HOST), where it is not the page's
  --media-port N  port for media, UDP and TCP, one for each worker from N up (MEDIA_PORT); any free ones without it
  --ice L       STUN and TURN servers for clients (ICE_SERVERS), such as turn:a.example:3478, separated by commas
  --workers N   media workers (WORKERS); one a core without it
  --drain N     seconds in which everybody is sent elsewhere before the server stops (DRAIN); 0 without it
  --pull L      hosts from which cameras (RTSP) may be fetched (PULL_HOSTS), separated by commas; none without it
  --record DIR  folder in which vehicles may be recorded (RECORD); none are without it, and ffmpeg is needed
  --record-gb N --record-days N  what is kept of them: 20 gigabytes and 7 days without these (RECORD_GB, RECORD_DAYS)
  --alarms FILE rules of alarms by room, and webhooks (ALARMS): see docs/operate.md
  --origins L   pages that may join beside the server's own, separated by commas (ORIGINS)
  --node URL    address at which other server processes reach this one (NODE_URL)
  REDIS_URL     in the environment only: server processes of one Redis and one LIVE_SECRET share their rooms
  TURN_SECRET   in the environment only: shared with coturn, for credentials that end; or TURN_USER, TURN_PASSWORD
  ALARM_SECRET  in the environment only: signs webhooks
  MQTT_URL      in the environment only: a broker that alarms are published to
  LIVE_SECRET   in the environment only: signs invitations; without it each run makes a secret of its own, and the
                links it prints end with it
  --help        this text`;
