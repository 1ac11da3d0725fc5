/** Kinds of files by their names, as they are dropped, chosen or packed. What is in them is judged on opening. */

/** Pictures that browsers read. */
export const PICTURE = /\.(png|jpe?g|webp|avif|bmp|gif)$/i;
/** Pictures that browsers do not read, or not all of them. */
export const FOREIGN_PICTURE = /\.(tiff?|hei[cf]|jxl|jp2|p[gnp]m|dng|cr[23]|nef|arw|npy)$/i;

/** Videos. */
export const VIDEO = /\.(mp4|m4v|mov|qt|webm|mkv|ts|mts|m2ts|m2t|trp|mpe?gts|3gp|3g2|insv|360)$/i;
/** Videos that nothing here reads. */
export const FOREIGN_VIDEO = /\.(avi|wmv|asf|flv|mpe?g|vob|mod|tod|rm|rmvb|divx|dv|ogv)$/i;
/** Small copies that cameras write beside their videos, under endings of their own. */
export const SMALL_COPY = /\.(lrv|lrf|glv)$/i;

/** Archives that are read. */
export const ARCHIVE = /\.zip$/i;
/** Archives that nothing here unpacks, those that unpack themselves among them, and arrays of numbers. */
export const FOREIGN_ARCHIVE = /\.(tar|t?gz|tbz2?|bz2|t?xz|7z|rar|zst|npz|exe)$/i;

/** What viewers' networks saw of vehicles while a server recorded them. */
export const SHARED_MASKS = /\.masks$/i;

/**
 * What lies beside a video and tells where it went: GPX, and the sentences of receivers as dashcams write them. Forms that
 * are not read are among them, so that this is said.
 */
export const TRACK = /\.(gpx|nmea|gps|kml|kmz|fit|tcx)$/i;

/** Maps in one file. */
export const MAP = /\.pmtiles$/i;
