;; The hot loops of the WebAssembly engine around the network, four numbers at a time. Twins in TypeScript:
;; preprocess.ts (gather and scatter together) and mask-painter.ts (paint). Assembled into pixels.wasm; the unit test
;; of the same name holds the two files together.
(module
  (import "host" "memory" (memory 1))

  (func $sum (param $v v128) (result f32)
    (f32.add
      (f32.add (f32x4.extract_lane 0 (local.get $v)) (f32x4.extract_lane 1 (local.get $v)))
      (f32.add (f32x4.extract_lane 2 (local.get $v)) (f32x4.extract_lane 3 (local.get $v)))))

  (func $most (param $v v128) (result f32)
    (f32.max
      (f32.max (f32x4.extract_lane 0 (local.get $v)) (f32x4.extract_lane 1 (local.get $v)))
      (f32.max (f32x4.extract_lane 2 (local.get $v)) (f32x4.extract_lane 3 (local.get $v)))))

  ;; Four 16-bit probabilities as floats from 0 to 1.
  (func $probabilities (param $at i32) (result v128)
    (f32x4.mul
      (f32x4.convert_i32x4_u (i32x4.extend_low_i16x8_u (v128.load64_zero (local.get $at))))
      (v128.const f32x4 0x1.0001p-16 0x1.0001p-16 0x1.0001p-16 0x1.0001p-16)))  ;; 1 / 65535

  ;; Four floats from 0 to 1 as 16-bit steps, in lanes of 32 bits.
  (func $steps (param $p v128) (result v128)
    (i32x4.trunc_sat_f32x4_u
      (f32x4.add
        (f32x4.mul (local.get $p) (v128.const f32x4 65535 65535 65535 65535))
        (v128.const f32x4 0.5 0.5 0.5 0.5))))

  ;; A byte from a float of 0 to 1.
  (func $byte (param $p f32) (result i32)
    (i32.trunc_sat_f32_u
      (f32.add (f32.mul (f32.min (local.get $p) (f32.const 1)) (f32.const 255)) (f32.const 0.5))))

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
              (f32x4.convert_i32x4_u
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

  ;; Paints count pixels of one row between the same two columns of the network's output, for twelve to fifteen
  ;; channels, each a class. The cell holds four times sixteen floats: the powers at the first pixel, their ratio from
  ;; pixel to pixel, and the ratios of both from row to row, which are applied at the end. What is beyond the classes is
  ;; zero and stays it.
  (func (export "paint")
    (param $cell i32) (param $count i32) (param $state i32) (param $pixels i32)
    (param $smoothing f32) (param $fresh i32) (param $release_start f32) (param $release_end f32)
    (param $drivable i32)
    (local $p0 v128) (local $p1 v128) (local $p2 v128) (local $p3 v128)
    (local $r0 v128) (local $r1 v128) (local $r2 v128) (local $r3 v128)
    (local $n0 v128) (local $n1 v128) (local $n2 v128) (local $n3 v128)
    (local $s0 v128) (local $s1 v128) (local $s2 v128) (local $s3 v128)
    (local $w v128) (local $t f32) (local $best f32) (local $winners i32)
    (local.set $p0 (v128.load offset=0 (local.get $cell)))
    (local.set $p1 (v128.load offset=16 (local.get $cell)))
    (local.set $p2 (v128.load offset=32 (local.get $cell)))
    (local.set $p3 (v128.load offset=48 (local.get $cell)))
    (local.set $r0 (v128.load offset=64 (local.get $cell)))
    (local.set $r1 (v128.load offset=80 (local.get $cell)))
    (local.set $r2 (v128.load offset=96 (local.get $cell)))
    (local.set $r3 (v128.load offset=112 (local.get $cell)))
    (loop $pixel
      ;; Softmax: powers over their sum.
      (local.set $w
        (f32x4.splat
          (f32.div (f32.const 1)
            (call $sum
              (f32x4.add
                (f32x4.add (local.get $p0) (local.get $p1))
                (f32x4.add (local.get $p2) (local.get $p3)))))))
      (local.set $n0 (f32x4.mul (local.get $p0) (local.get $w)))
      (local.set $n1 (f32x4.mul (local.get $p1) (local.get $w)))
      (local.set $n2 (f32x4.mul (local.get $p2) (local.get $w)))
      (local.set $n3 (f32x4.mul (local.get $p3) (local.get $w)))
      (local.set $p0 (f32x4.mul (local.get $p0) (local.get $r0)))
      (local.set $p1 (f32x4.mul (local.get $p1) (local.get $r1)))
      (local.set $p2 (f32x4.mul (local.get $p2) (local.get $r2)))
      (local.set $p3 (f32x4.mul (local.get $p3) (local.get $r3)))
      (if (i32.eqz (local.get $fresh))
        (then
          (local.set $s0 (call $probabilities (local.get $state)))
          (local.set $s1 (call $probabilities (i32.add (local.get $state) (i32.const 8))))
          (local.set $s2 (call $probabilities (i32.add (local.get $state) (i32.const 16))))
          (local.set $s3 (call $probabilities (i32.add (local.get $state) (i32.const 24))))
          (local.set $n0 (f32x4.sub (local.get $n0) (local.get $s0)))
          (local.set $n1 (f32x4.sub (local.get $n1) (local.get $s1)))
          (local.set $n2 (f32x4.sub (local.get $n2) (local.get $s2)))
          (local.set $n3 (f32x4.sub (local.get $n3) (local.get $s3)))
          ;; t = (distance - start) / (end - start), clamped; weight = smoothing + (1 - smoothing) t^2 (3 - 2t)
          (local.set $t
            (f32.div
              (f32.sub
                (f32.mul (f32.const 0.5)
                  (call $sum
                    (f32x4.add
                      (f32x4.add (f32x4.abs (local.get $n0)) (f32x4.abs (local.get $n1)))
                      (f32x4.add (f32x4.abs (local.get $n2)) (f32x4.abs (local.get $n3))))))
                (local.get $release_start))
              (f32.sub (local.get $release_end) (local.get $release_start))))
          (local.set $t (f32.min (f32.max (local.get $t) (f32.const 0)) (f32.const 1)))
          (local.set $w
            (f32x4.splat
              (f32.add (local.get $smoothing)
                (f32.mul (f32.sub (f32.const 1) (local.get $smoothing))
                  (f32.mul (f32.mul (local.get $t) (local.get $t))
                    (f32.sub (f32.const 3) (f32.add (local.get $t) (local.get $t))))))))
          (local.set $n0 (f32x4.add (local.get $s0) (f32x4.mul (local.get $w) (local.get $n0))))
          (local.set $n1 (f32x4.add (local.get $s1) (f32x4.mul (local.get $w) (local.get $n1))))
          (local.set $n2 (f32x4.add (local.get $s2) (f32x4.mul (local.get $w) (local.get $n2))))
          (local.set $n3 (f32x4.add (local.get $s3) (f32x4.mul (local.get $w) (local.get $n3))))))
      (v128.store (local.get $state)
        (i16x8.narrow_i32x4_u (call $steps (local.get $n0)) (call $steps (local.get $n1))))
      (v128.store offset=16 (local.get $state)
        (i16x8.narrow_i32x4_u (call $steps (local.get $n2)) (call $steps (local.get $n3))))
      ;; The classes with the highest probability: one bit each.
      (local.set $best
        (call $most
          (f32x4.max
            (f32x4.max (local.get $n0) (local.get $n1))
            (f32x4.max (local.get $n2) (local.get $n3)))))
      (local.set $w (f32x4.splat (local.get $best)))
      (local.set $winners
        (i32.or
          (i32.or
            (i32x4.bitmask (f32x4.eq (local.get $n0) (local.get $w)))
            (i32.shl (i32x4.bitmask (f32x4.eq (local.get $n1) (local.get $w))) (i32.const 4)))
          (i32.or
            (i32.shl (i32x4.bitmask (f32x4.eq (local.get $n2) (local.get $w))) (i32.const 8))
            (i32.shl (i32x4.bitmask (f32x4.eq (local.get $n3) (local.get $w))) (i32.const 12)))))
      (i32.store (local.get $pixels)
        (i32.or
          ;; One class wins, or none: 254 is undecided. What is no number has no winner either.
          (if (result i32) (i32.eq (i32.popcnt (local.get $winners)) (i32.const 1))
            (then
              (i32.or (i32.ctz (local.get $winners)) (i32.shl (call $byte (local.get $best)) (i32.const 8))))
            (else (i32.const 254)))
          (i32.or (i32.const 0xff000000)
            (i32.shl
              (call $byte
                (call $sum
                  (f32x4.add
                    (f32x4.add
                      (f32x4.mul (local.get $n0) (v128.load offset=0 (local.get $drivable)))
                      (f32x4.mul (local.get $n1) (v128.load offset=16 (local.get $drivable))))
                    (f32x4.add
                      (f32x4.mul (local.get $n2) (v128.load offset=32 (local.get $drivable)))
                      (f32x4.mul (local.get $n3) (v128.load offset=48 (local.get $drivable)))))))
              (i32.const 16)))))
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
