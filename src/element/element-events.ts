/** What `<carriageway-view>` tells, for `addEventListener`. */
import type { ErrorReport } from '../errors';
import type { SceneEvent } from '../scene/events';
import type { SourceInfo } from '../sources/source';
import type { MaskMap, ViewReport } from '../stage/stage-api';

/** What the element tells, as `CustomEvent`s with their `detail`; none of them bubbles. */
export interface CarriagewayViewEvents {
  /** The class map of a mask; only with the attribute `masks`. */
  mask: CustomEvent<MaskMap>;
  /** What happened on the road. */
  scene: CustomEvent<readonly SceneEvent[]>;
  /** Four times a second, with the road as geometry in it. */
  report: CustomEvent<ViewReport>;
  /** A sentence for people, with its code. */
  notice: CustomEvent<ErrorReport>;
  /** The source is over. */
  ended: CustomEvent<null>;
  /** Something plays. */
  playing: CustomEvent<SourceInfo>;
}

/** Every event by its name: those of all elements, and those of `CarriagewayViewEvents`. */
type ElementEvents = Omit<HTMLElementEventMap, keyof CarriagewayViewEvents> & CarriagewayViewEvents;

/** Adds a listener, or takes it away. */
export interface ListenerChange<Options> {
  <T extends keyof ElementEvents>(
    type: T,
    listener: (event: ElementEvents[T]) => void,
    options?: boolean | Options,
  ): void;
  (type: string, listener: EventListenerOrEventListenerObject | null, options?: boolean | Options): void;
}
