;; The hot loops of the WebAssembly engine around the network, four numbers at a time. Twins in TypeScript:
;; preprocess.ts (gather and scatter together) and mask-painter.ts (cells and row). Assembled into pixels.wasm; the unit test
;; of the same name holds the two files together.
(module
  (import "host" "memory" (memory 1))

  (func $most (param $v v128) (result f32)
    (local.set $v
      (f32x4.max (local.get $v)
        (i8x16.shuffle 4 5 6 7 0 1 2 3 12 13 14 15 8 9 10 11 (local.get $v) (local.get $v))))
    (f32.max (f32x4.extract_lane 0 (local.get $v)) (f32x4.extract_lane 2 (local.get $v))))

  ;; Powers of e of four floats, to about 1e-7: e^x = 2^n e^r with |r| up to ln 2 / 2, and e^r by a polynomial (that of
  ;; Cephes' expf). Below -87 they are zero, above 88 what they are there.
  (func $exp (param $x v128) (result v128)
    (local $n v128) (local $p v128) (local $some v128)
    (local.set $some (f32x4.ge (local.get $x) (v128.const f32x4 -87 -87 -87 -87)))
    (local.set $x
      (f32x4.min
        (f32x4.max (local.get $x) (v128.const f32x4 -87 -87 -87 -87))
        (v128.const f32x4 88 88 88 88)))
    (local.set $n
      (f32x4.nearest
        (f32x4.mul (local.get $x)
          (v128.const f32x4 1.44269504 1.44269504 1.44269504 1.44269504))))  ;; 1 / ln 2
    ;; ln 2 in two parts, of which the first has few digits.
    (local.set $x
      (f32x4.sub
        (f32x4.sub (local.get $x)
          (f32x4.mul (local.get $n) (v128.const f32x4 0.693359375 0.693359375 0.693359375 0.693359375)))
        (f32x4.mul (local.get $n)
          (v128.const f32x4 -2.12194440e-4 -2.12194440e-4 -2.12194440e-4 -2.12194440e-4))))
    (local.set $p (v128.const f32x4 1.9875691500e-4 1.9875691500e-4 1.9875691500e-4 1.9875691500e-4))
    (local.set $p
      (f32x4.add (f32x4.mul (local.get $p) (local.get $x))
        (v128.const f32x4 1.3981999507e-3 1.3981999507e-3 1.3981999507e-3 1.3981999507e-3)))
    (local.set $p
      (f32x4.add (f32x4.mul (local.get $p) (local.get $x))
        (v128.const f32x4 8.3334519073e-3 8.3334519073e-3 8.3334519073e-3 8.3334519073e-3)))
    (local.set $p
      (f32x4.add (f32x4.mul (local.get $p) (local.get $x))
        (v128.const f32x4 4.1665795894e-2 4.1665795894e-2 4.1665795894e-2 4.1665795894e-2)))
    (local.set $p
      (f32x4.add (f32x4.mul (local.get $p) (local.get $x))
        (v128.const f32x4 1.6666665459e-1 1.6666665459e-1 1.6666665459e-1 1.6666665459e-1)))
    (local.set $p
      (f32x4.add (f32x4.mul (local.get $p) (local.get $x))
        (v128.const f32x4 5.0000001201e-1 5.0000001201e-1 5.0000001201e-1 5.0000001201e-1)))
    (local.set $p
      (f32x4.add
        (f32x4.add
          (f32x4.mul (f32x4.mul (local.get $p) (local.get $x)) (local.get $x))
          (local.get $x))
        (v128.const f32x4 1 1 1 1)))
    (v128.and (local.get $some)
      (f32x4.mul (local.get $p)
        (i32x4.shl
          (i32x4.add (i32x4.trunc_sat_f32x4_s (local.get $n)) (v128.const i32x4 127 127 127 127))
          (i32.const 23)))))

  ;; Filters along columns: row[i] = sum over k of weights[k] * pixel(from + i * right + k * down), for count pixels.
  ;; Pixels are four bytes, the row's four floats.
  (func (export "gather")
    (param $from i32) (param $right i32) (param $down i32) (param $count i32)
    (param $weights i32) (param $taps i32) (param $row i32)
    (local $acc v128) (local $at i32) (local $k i32)
    (loop $pixels
      (local.set $acc (v128.const i32x4 0 0 0 0))
      (local.set $at (local.get $from))
      (local.set $k (i32.const 0))
      (loop $tap
        (local.set $acc
          (f32x4.add (local.get $acc)
            (f32x4.mul
              (v128.load32_splat (i32.add (local.get $weights) (i32.shl (local.get $k) (i32.const 2))))
              ;; Small enough to be taken as signed, which is one instruction where unsigned ones take several.
              (f32x4.convert_i32x4_s
                (i32x4.extend_low_i16x8_u
                  (i16x8.extend_low_i8x16_u (v128.load32_zero (local.get $at))))))))
        (local.set $at (i32.add (local.get $at) (local.get $down)))
        (br_if $tap
          (i32.lt_u (local.tee $k (i32.add (local.get $k) (i32.const 1))) (local.get $taps))))
      (v128.store (local.get $row) (local.get $acc))
      (local.set $row (i32.add (local.get $row) (i32.const 16)))
      (local.set $from (i32.add (local.get $from) (local.get $right)))
      (br_if $pixels (local.tee $count (i32.sub (local.get $count) (i32.const 1))))))

  ;; Filters along a gathered row, and writes red, green and blue where the tensor wants them:
  ;; colour(x) = (sum over k of weights[x * taps + k] * row[starts[x] + k]) * gain + bias, at to + x * step + its offset.
  (func (export "scatter")
    (param $row i32) (param $starts i32) (param $weights i32) (param $taps i32) (param $count i32)
    (param $gain i32) (param $bias i32)
    (param $to i32) (param $step i32) (param $red i32) (param $green i32) (param $blue i32)
    (local $acc v128) (local $at i32) (local $k i32)
    (loop $pixels
      (local.set $acc (v128.const i32x4 0 0 0 0))
      (local.set $at (i32.add (local.get $row) (i32.shl (i32.load (local.get $starts)) (i32.const 4))))
      (local.set $k (local.get $taps))
      (loop $tap
        (local.set $acc
          (f32x4.add (local.get $acc)
            (f32x4.mul (v128.load32_splat (local.get $weights)) (v128.load (local.get $at)))))
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (local.set $weights (i32.add (local.get $weights) (i32.const 4)))
        (br_if $tap (local.tee $k (i32.sub (local.get $k) (i32.const 1)))))
      (local.set $acc
        (f32x4.add
          (f32x4.mul (local.get $acc) (v128.load (local.get $gain)))
          (v128.load (local.get $bias))))
      (f32.store (i32.add (local.get $to) (local.get $red)) (f32x4.extract_lane 0 (local.get $acc)))
      (f32.store (i32.add (local.get $to) (local.get $green)) (f32x4.extract_lane 1 (local.get $acc)))
      (f32.store (i32.add (local.get $to) (local.get $blue)) (f32x4.extract_lane 2 (local.get $acc)))
      (local.set $to (i32.add (local.get $to) (local.get $step)))
      (local.set $starts (i32.add (local.get $starts) (i32.const 4)))
      (br_if $pixels (local.tee $count (i32.sub (local.get $count) (i32.const 1))))))

  ;; A run is what lies between the same two columns of the network's output: 20 bytes, where its left and its right
  ;; column begin in a row of scores (bytes), how many pixels of the mask it has, and as floats where the first of them
  ;; lies between the columns and how far it is to the next.

  ;; Prepares count runs of the rows between the same two rows of the output. Scores are sixteen floats for each of its
  ;; positions, very negative beyond the classes; top and bottom are where those two rows begin. Each run gets four times
  ;; sixteen floats: the powers at its first pixel, over the largest of its corners, their ratio from pixel to pixel, and
  ;; the ratios of both from row to row.
  (func (export "cells")
    (param $runs i32) (param $count i32) (param $top i32) (param $bottom i32)
    (param $start f32) (param $step f32) (param $cell i32)
    (local $left i32) (local $right i32) (local $k i32)
    (local $peak v128) (local $y v128) (local $dy v128) (local $x v128) (local $dx v128)
    (local $corner v128) (local $along v128) (local $below v128) (local $twist v128) (local $slope v128)
    (local.set $y (f32x4.splat (local.get $start)))
    (local.set $dy (f32x4.splat (local.get $step)))
    (loop $run
      (local.set $left (i32.load (local.get $runs)))
      (local.set $right (i32.load offset=4 (local.get $runs)))
      (local.set $x (v128.load32_splat offset=12 (local.get $runs)))
      (local.set $dx (v128.load32_splat offset=16 (local.get $runs)))
      (local.set $peak (v128.load (i32.add (local.get $top) (local.get $left))))
      (local.set $k (i32.const 0))
      (loop $corners
        (local.set $peak
          (f32x4.max (local.get $peak)
            (f32x4.max
              (f32x4.max
                (v128.load (i32.add (i32.add (local.get $top) (local.get $left)) (local.get $k)))
                (v128.load (i32.add (i32.add (local.get $top) (local.get $right)) (local.get $k))))
              (f32x4.max
                (v128.load (i32.add (i32.add (local.get $bottom) (local.get $left)) (local.get $k)))
                (v128.load (i32.add (i32.add (local.get $bottom) (local.get $right)) (local.get $k)))))))
        (br_if $corners
          (i32.lt_u (local.tee $k (i32.add (local.get $k) (i32.const 16))) (i32.const 64))))
      (local.set $peak (f32x4.splat (call $most (local.get $peak))))
      (local.set $k (i32.const 0))
      (loop $slots
        (local.set $corner
          (v128.load (i32.add (i32.add (local.get $top) (local.get $left)) (local.get $k))))
        (local.set $along
          (f32x4.sub
            (v128.load (i32.add (i32.add (local.get $top) (local.get $right)) (local.get $k)))
            (local.get $corner)))
        (local.set $below
          (f32x4.sub
            (v128.load (i32.add (i32.add (local.get $bottom) (local.get $left)) (local.get $k)))
            (local.get $corner)))
        (local.set $twist
          (f32x4.sub
            (f32x4.sub
              (v128.load (i32.add (i32.add (local.get $bottom) (local.get $right)) (local.get $k)))
              (v128.load (i32.add (i32.add (local.get $bottom) (local.get $left)) (local.get $k))))
            (local.get $along)))
        (local.set $slope (f32x4.add (local.get $along) (f32x4.mul (local.get $y) (local.get $twist))))
        (v128.store (local.get $cell)
          (call $exp
            (f32x4.add
              (f32x4.sub (local.get $corner) (local.get $peak))
              (f32x4.add
                (f32x4.mul (local.get $y) (local.get $below))
                (f32x4.mul (local.get $x) (local.get $slope))))))
        (v128.store offset=64 (local.get $cell)
          (call $exp (f32x4.mul (local.get $dx) (local.get $slope))))
        (v128.store offset=128 (local.get $cell)
          (call $exp
            (f32x4.mul (local.get $dy)
              (f32x4.add (local.get $below) (f32x4.mul (local.get $x) (local.get $twist))))))
        (v128.store offset=192 (local.get $cell)
          (call $exp
            (f32x4.mul (f32x4.mul (local.get $dx) (local.get $dy)) (local.get $twist))))
        (local.set $cell (i32.add (local.get $cell) (i32.const 16)))
        (br_if $slots
          (i32.lt_u (local.tee $k (i32.add (local.get $k) (i32.const 16))) (i32.const 64))))
      (local.set $cell (i32.add (local.get $cell) (i32.const 192)))
      (local.set $runs (i32.add (local.get $runs) (i32.const 20)))
      (br_if $run (local.tee $count (i32.sub (local.get $count) (i32.const 1))))))

  ;; Paints one row of the mask: count runs, prepared by cells.
  (func (export "row")
    (param $runs i32) (param $count i32) (param $cell i32) (param $state i32) (param $pixels i32)
    (param $smoothing f32) (param $fresh i32) (param $release_start f32) (param $release_end f32)
    (param $drivable i32)
    (local $length i32)
    (loop $run
      (local.set $length (i32.load offset=8 (local.get $runs)))
      (call $paint
        (local.get $cell) (local.get $length) (local.get $state) (local.get $pixels)
        (local.get $smoothing) (local.get $fresh) (local.get $release_start) (local.get $release_end)
        (local.get $drivable))
      (local.set $state (i32.add (local.get $state) (i32.shl (local.get $length) (i32.const 5))))
      (local.set $pixels (i32.add (local.get $pixels) (i32.shl (local.get $length) (i32.const 2))))
      (local.set $cell (i32.add (local.get $cell) (i32.const 256)))
      (local.set $runs (i32.add (local.get $runs) (i32.const 20)))
      (br_if $run (local.tee $count (i32.sub (local.get $count) (i32.const 1))))))

  ;; Paints count pixels of one row between the same two columns of the network's output, for twelve to fifteen
  ;; channels, each a class. What is beyond the classes is zero and stays it. At the end the cell is taken on to the next
  ;; row. Nothing is called: around a call all vectors would go to memory and back.
  (func $paint
    (param $cell i32) (param $count i32) (param $state i32) (param $pixels i32)
    (param $smoothing f32) (param $fresh i32) (param $release_start f32) (param $release_end f32)
    (param $drivable i32)
    (local $p0 v128) (local $p1 v128) (local $p2 v128) (local $p3 v128)
    (local $r0 v128) (local $r1 v128) (local $r2 v128) (local $r3 v128)
    (local $n0 v128) (local $n1 v128) (local $n2 v128) (local $n3 v128)
    (local $s0 v128) (local $s1 v128) (local $s2 v128) (local $s3 v128)
    (local $v v128) (local $best v128) (local $winners i32)
    (local.set $p0 (v128.load (local.get $cell)))
    (local.set $p1 (v128.load offset=16 (local.get $cell)))
    (local.set $p2 (v128.load offset=32 (local.get $cell)))
    (local.set $p3 (v128.load offset=48 (local.get $cell)))
    (local.set $r0 (v128.load offset=64 (local.get $cell)))
    (local.set $r1 (v128.load offset=80 (local.get $cell)))
    (local.set $r2 (v128.load offset=96 (local.get $cell)))
    (local.set $r3 (v128.load offset=112 (local.get $cell)))
    (loop $pixel
      ;; Softmax: powers over their sum, which the shuffles bring into all four lanes.
      (local.set $v
        (f32x4.add
          (f32x4.add (local.get $p0) (local.get $p1))
          (f32x4.add (local.get $p2) (local.get $p3))))
      (local.set $v (f32x4.add (local.get $v) (i8x16.shuffle 4 5 6 7 0 1 2 3 12 13 14 15 8 9 10 11 (local.get $v) (local.get $v))))
      (local.set $v (f32x4.add (local.get $v) (i8x16.shuffle 8 9 10 11 12 13 14 15 0 1 2 3 4 5 6 7 (local.get $v) (local.get $v))))
      (local.set $v (f32x4.div (v128.const f32x4 1 1 1 1) (local.get $v)))
      (local.set $n0 (f32x4.mul (local.get $p0) (local.get $v)))
      (local.set $n1 (f32x4.mul (local.get $p1) (local.get $v)))
      (local.set $n2 (f32x4.mul (local.get $p2) (local.get $v)))
      (local.set $n3 (f32x4.mul (local.get $p3) (local.get $v)))
      (local.set $p0 (f32x4.mul (local.get $p0) (local.get $r0)))
      (local.set $p1 (f32x4.mul (local.get $p1) (local.get $r1)))
      (local.set $p2 (f32x4.mul (local.get $p2) (local.get $r2)))
      (local.set $p3 (f32x4.mul (local.get $p3) (local.get $r3)))
      (if (i32.eqz (local.get $fresh))
        (then
          ;; The state's 16-bit probabilities as floats from 0 to 1.
          (local.set $s0
            (f32x4.mul
              (f32x4.convert_i32x4_s
                (i32x4.extend_low_i16x8_u (v128.load64_zero (local.get $state))))
              (v128.const f32x4 0x1.0001p-16 0x1.0001p-16 0x1.0001p-16 0x1.0001p-16)))  ;; 1 / 65535
          (local.set $s1
            (f32x4.mul
              (f32x4.convert_i32x4_s
                (i32x4.extend_low_i16x8_u (v128.load64_zero offset=8 (local.get $state))))
              (v128.const f32x4 0x1.0001p-16 0x1.0001p-16 0x1.0001p-16 0x1.0001p-16)))  ;; 1 / 65535
          (local.set $s2
            (f32x4.mul
              (f32x4.convert_i32x4_s
                (i32x4.extend_low_i16x8_u (v128.load64_zero offset=16 (local.get $state))))
              (v128.const f32x4 0x1.0001p-16 0x1.0001p-16 0x1.0001p-16 0x1.0001p-16)))  ;; 1 / 65535
          (local.set $s3
            (f32x4.mul
              (f32x4.convert_i32x4_s
                (i32x4.extend_low_i16x8_u (v128.load64_zero offset=24 (local.get $state))))
              (v128.const f32x4 0x1.0001p-16 0x1.0001p-16 0x1.0001p-16 0x1.0001p-16)))  ;; 1 / 65535
          (local.set $n0 (f32x4.sub (local.get $n0) (local.get $s0)))
          (local.set $n1 (f32x4.sub (local.get $n1) (local.get $s1)))
          (local.set $n2 (f32x4.sub (local.get $n2) (local.get $s2)))
          (local.set $n3 (f32x4.sub (local.get $n3) (local.get $s3)))
          ;; t = (distance - start) / (end - start), clamped; weight = smoothing + (1 - smoothing) t^2 (3 - 2t)
          (local.set $v
            (f32x4.add
              (f32x4.add (f32x4.abs (local.get $n0)) (f32x4.abs (local.get $n1)))
              (f32x4.add (f32x4.abs (local.get $n2)) (f32x4.abs (local.get $n3)))))
          (local.set $v (f32x4.add (local.get $v) (i8x16.shuffle 4 5 6 7 0 1 2 3 12 13 14 15 8 9 10 11 (local.get $v) (local.get $v))))
          (local.set $v (f32x4.add (local.get $v) (i8x16.shuffle 8 9 10 11 12 13 14 15 0 1 2 3 4 5 6 7 (local.get $v) (local.get $v))))
          (local.set $v
            (f32x4.div
              (f32x4.sub
                (f32x4.mul (v128.const f32x4 0.5 0.5 0.5 0.5) (local.get $v))
                (f32x4.splat (local.get $release_start)))
              (f32x4.splat (f32.sub (local.get $release_end) (local.get $release_start)))))
          (local.set $v
            (f32x4.min
              (f32x4.max (local.get $v) (v128.const f32x4 0 0 0 0))
              (v128.const f32x4 1 1 1 1)))
          (local.set $v
            (f32x4.add (f32x4.splat (local.get $smoothing))
              (f32x4.mul (f32x4.splat (f32.sub (f32.const 1) (local.get $smoothing)))
                (f32x4.mul (f32x4.mul (local.get $v) (local.get $v))
                  (f32x4.sub (v128.const f32x4 3 3 3 3) (f32x4.add (local.get $v) (local.get $v)))))))
          (local.set $n0 (f32x4.add (local.get $s0) (f32x4.mul (local.get $v) (local.get $n0))))
          (local.set $n1 (f32x4.add (local.get $s1) (f32x4.mul (local.get $v) (local.get $n1))))
          (local.set $n2 (f32x4.add (local.get $s2) (f32x4.mul (local.get $v) (local.get $n2))))
          (local.set $n3 (f32x4.add (local.get $s3) (f32x4.mul (local.get $v) (local.get $n3))))))
      (v128.store (local.get $state)
        (i16x8.narrow_i32x4_u
          (i32x4.trunc_sat_f32x4_s
            (f32x4.add
              (f32x4.mul (local.get $n0) (v128.const f32x4 65535 65535 65535 65535))
              (v128.const f32x4 0.5 0.5 0.5 0.5)))
          (i32x4.trunc_sat_f32x4_s
            (f32x4.add
              (f32x4.mul (local.get $n1) (v128.const f32x4 65535 65535 65535 65535))
              (v128.const f32x4 0.5 0.5 0.5 0.5)))))
      (v128.store offset=16 (local.get $state)
        (i16x8.narrow_i32x4_u
          (i32x4.trunc_sat_f32x4_s
            (f32x4.add
              (f32x4.mul (local.get $n2) (v128.const f32x4 65535 65535 65535 65535))
              (v128.const f32x4 0.5 0.5 0.5 0.5)))
          (i32x4.trunc_sat_f32x4_s
            (f32x4.add
              (f32x4.mul (local.get $n3) (v128.const f32x4 65535 65535 65535 65535))
              (v128.const f32x4 0.5 0.5 0.5 0.5)))))
      ;; The classes with the highest probability: one bit each.
      (local.set $v
        (f32x4.max
          (f32x4.max (local.get $n0) (local.get $n1))
          (f32x4.max (local.get $n2) (local.get $n3))))
      (local.set $v (f32x4.max (local.get $v) (i8x16.shuffle 4 5 6 7 0 1 2 3 12 13 14 15 8 9 10 11 (local.get $v) (local.get $v))))
      (local.set $v (f32x4.max (local.get $v) (i8x16.shuffle 8 9 10 11 12 13 14 15 0 1 2 3 4 5 6 7 (local.get $v) (local.get $v))))
      (local.set $best (local.get $v))
      (local.set $winners
        (i32.or
          (i32.or
            (i32x4.bitmask (f32x4.eq (local.get $n0) (local.get $best)))
            (i32.shl (i32x4.bitmask (f32x4.eq (local.get $n1) (local.get $best))) (i32.const 4)))
          (i32.or
            (i32.shl (i32x4.bitmask (f32x4.eq (local.get $n2) (local.get $best))) (i32.const 8))
            (i32.shl (i32x4.bitmask (f32x4.eq (local.get $n3) (local.get $best))) (i32.const 12)))))
      (local.set $v
        (f32x4.add
          (f32x4.add (f32x4.mul (local.get $n0) (v128.load (local.get $drivable))) (f32x4.mul (local.get $n1) (v128.load offset=16 (local.get $drivable))))
          (f32x4.add (f32x4.mul (local.get $n2) (v128.load offset=32 (local.get $drivable))) (f32x4.mul (local.get $n3) (v128.load offset=48 (local.get $drivable))))))
      (local.set $v (f32x4.add (local.get $v) (i8x16.shuffle 4 5 6 7 0 1 2 3 12 13 14 15 8 9 10 11 (local.get $v) (local.get $v))))
      (local.set $v (f32x4.add (local.get $v) (i8x16.shuffle 8 9 10 11 12 13 14 15 0 1 2 3 4 5 6 7 (local.get $v) (local.get $v))))
      ;; Both as bytes: how sure the class is in the lower lanes, how drivable the pixel in the upper ones.
      (local.set $v
        (i32x4.trunc_sat_f32x4_s
          (f32x4.add
            (f32x4.mul
              (f32x4.min
                (i8x16.shuffle 0 1 2 3 4 5 6 7 24 25 26 27 28 29 30 31 (local.get $best) (local.get $v))
                (v128.const f32x4 1 1 1 1))
              (v128.const f32x4 255 255 255 255))
            (v128.const f32x4 0.5 0.5 0.5 0.5))))
      (i32.store (local.get $pixels)
        (i32.or
          ;; One class wins, or none: 254 is undecided. What is no number has no winner either.
          (if (result i32) (i32.eq (i32.popcnt (local.get $winners)) (i32.const 1))
            (then
              (i32.or (i32.ctz (local.get $winners))
                (i32.shl (i32x4.extract_lane 0 (local.get $v)) (i32.const 8))))
            (else (i32.const 254)))
          (i32.or (i32.const 0xff000000) (i32.shl (i32x4.extract_lane 2 (local.get $v)) (i32.const 16)))))
      (local.set $state (i32.add (local.get $state) (i32.const 32)))
      (local.set $pixels (i32.add (local.get $pixels) (i32.const 4)))
      (br_if $pixel (local.tee $count (i32.sub (local.get $count) (i32.const 1)))))
    ;; On to the next row.
    (v128.store offset=0 (local.get $cell)
      (f32x4.mul (v128.load offset=0 (local.get $cell)) (v128.load offset=128 (local.get $cell))))
    (v128.store offset=16 (local.get $cell)
      (f32x4.mul (v128.load offset=16 (local.get $cell)) (v128.load offset=144 (local.get $cell))))
    (v128.store offset=32 (local.get $cell)
      (f32x4.mul (v128.load offset=32 (local.get $cell)) (v128.load offset=160 (local.get $cell))))
    (v128.store offset=48 (local.get $cell)
      (f32x4.mul (v128.load offset=48 (local.get $cell)) (v128.load offset=176 (local.get $cell))))
    (v128.store offset=64 (local.get $cell)
      (f32x4.mul (local.get $r0) (v128.load offset=192 (local.get $cell))))
    (v128.store offset=80 (local.get $cell)
      (f32x4.mul (local.get $r1) (v128.load offset=208 (local.get $cell))))
    (v128.store offset=96 (local.get $cell)
      (f32x4.mul (local.get $r2) (v128.load offset=224 (local.get $cell))))
    (v128.store offset=112 (local.get $cell)
      (f32x4.mul (local.get $r3) (v128.load offset=240 (local.get $cell))))))
