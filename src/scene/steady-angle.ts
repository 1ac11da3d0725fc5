/**
 * An angle of the mount, found from many uncertain looks: a weighted median over the last seconds, which nothing
 * single moves, approached at a limited rate. Looks that disagree with a settled value are kept apart; only when they
 * agree with each other for long enough has the camera really been moved.
 */

/** How sure a steady angle is. */
export interface AngleEstimate {
  /** Radians. */
  readonly value: number;
  /** One standard deviation, radians. */
  readonly sigma: number;
  /** Looks that count. */
  readonly looks: number;
}

interface Look {
  readonly seconds: number;
  readonly value: number;
  readonly sigma: number;
}

/** Seconds of looks that are kept: long enough for a street, short enough for a camera that slips. */
const WINDOW = 20;
/** Fewer looks, or less time between them, settle nothing. */
const FEWEST = 8;
const SHORTEST = 1;
/** A look is another opinion when it is off by this many times the spread, and by at least this angle (2 degrees). */
const DISSENT_SPREADS = 4;
const DISSENT_ANGLE = 0.035;
/** Seconds for which other opinions must agree before the camera counts as moved. */
const MOVED_AFTER = 4;
/** The value moves by no more than this, radians per second: 1.5 degrees, so that nothing drawn ever jumps. */
const RATE = 0.026;
/** Looks within one second share their errors: so many independent ones a second. */
const INDEPENDENT_PER_SECOND = 2;
/** Share of a single look's uncertainty that all looks have in common, and no number of them removes. */
const SYSTEMATIC = 0.5;
/** The best an angle is ever known, radians (0.1 degrees): suspension and crowned roads. */
const SIGMA_FLOOR = 0.0017;

/** Tracks one angle. */
export class SteadyAngle {
  #looks: Look[] = [];
  #dissent: Look[] = [];
  #value: number;
  #median: number;
  #last: number | null = null;
  #spread = 0;
  #ownSigma = 0;
  #settled = false;

  /**
   * @param prior value until something better is known
   * @param priorSigma its standard deviation
   */
  constructor(
    prior: number,
    private readonly priorSigma: number,
  ) {
    this.#value = prior;
    this.#median = prior;
  }

  /** The estimate now. */
  get estimate(): AngleEstimate {
    const looks = this.#looks.length;
    if (!this.#settled) return { value: this.#value, sigma: this.priorSigma, looks };
    const span = this.#looks.at(-1)!.seconds - this.#looks[0]!.seconds;
    const independent = Math.min(looks, 1 + span * INDEPENDENT_PER_SECOND);
    // 1.25 is a median's loss against a mean; on the way to the median, the way left is uncertainty too.
    const random = (1.25 * this.#spread) / Math.sqrt(independent);
    const way = Math.abs(this.#median - this.#value);
    const sigma = Math.hypot(random, way, SYSTEMATIC * this.#ownSigma, SIGMA_FLOOR);
    return { value: this.#value, sigma: Math.min(this.priorSigma, sigma), looks };
  }

  /** Whether the value rests on enough looks. */
  get settled(): boolean {
    return this.#settled;
  }

  /**
   * Takes a look at the angle; at some ten a second, since neighbouring frames share their errors.
   * @param seconds media time, not before the last call's
   */
  look(value: number, sigma: number, seconds: number): void {
    const look = { seconds, value, sigma };
    const limit = Math.max(DISSENT_ANGLE, DISSENT_SPREADS * this.#spread, 2.5 * sigma);
    if (this.#settled && Math.abs(value - this.#median) > limit) {
      this.#dissent = recent([...this.#dissent, look], seconds);
      if (!agree(this.#dissent)) {
        this.#last = seconds;
        return;
      }
      this.#looks = this.#dissent;
      this.#dissent = [];
    } else {
      this.#looks.push(look);
      this.#looks = recent(this.#looks, seconds);
      // One look that fits speaks against a moved camera: an old dissent must not add up over minutes.
      this.#dissent = this.#dissent.filter((other) => seconds - other.seconds < MOVED_AFTER);
    }
    this.#move(seconds);
  }

  #move(seconds: number): void {
    const elapsed = this.#last === null ? 0 : seconds - this.#last;
    this.#last = seconds;
    const span = seconds - this.#looks[0]!.seconds;
    if (this.#looks.length < FEWEST || span < SHORTEST) return;
    this.#settled = true;
    const median = weightedMedian(this.#looks, (look) => look.value);
    this.#median = median;
    this.#spread = 1.48 * weightedMedian(this.#looks, (look) => Math.abs(look.value - median));
    this.#ownSigma = weightedMedian(this.#looks, (look) => look.sigma);
    // A gap in time (nothing seen for a while) is no licence to jump.
    const step = RATE * Math.min(elapsed, 0.5);
    this.#value += Math.min(step, Math.max(-step, median - this.#value));
  }
}

function recent(looks: Look[], seconds: number): Look[] {
  return looks.filter((look) => seconds - look.seconds <= WINDOW);
}

/** Whether looks have agreed with each other for long enough. */
function agree(looks: readonly Look[]): boolean {
  if (looks.length < FEWEST || looks.at(-1)!.seconds - looks[0]!.seconds < MOVED_AFTER) return false;
  const median = weightedMedian(looks, (look) => look.value);
  return weightedMedian(looks, (look) => Math.abs(look.value - median)) < DISSENT_ANGLE / 2;
}

function weightedMedian(looks: readonly Look[], read: (look: Look) => number): number {
  const sorted = looks
    .map((look) => ({ value: read(look), weight: 1 / (look.sigma ** 2 + SIGMA_FLOOR ** 2) }))
    .sort((a, b) => a.value - b.value);
  let half = sorted.reduce((sum, { weight }) => sum + weight, 0) / 2;
  for (const { value, weight } of sorted) {
    half -= weight;
    if (half <= 0) return value;
  }
  return sorted.at(-1)?.value ?? 0;
}
