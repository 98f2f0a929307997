package browser

import (
	"bytes"
	"cmp"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"slices"

	"github.com/chromedp/chromedp"
)

// Shot writes what the window shows to a small PNG file of at most 128 colours: fit
// to be kept among the documents. [Browser.Screenshot] shows the whole page as it is.
func (b *Browser) Shot(path string) {
	b.t.Helper()
	taken := run(b, "take a screenshot", chromedp.CaptureScreenshot())
	shown, err := png.Decode(bytes.NewReader(taken))
	if err != nil {
		b.t.Fatalf("read the screenshot: %v", err)
	}
	var small bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	if err := encoder.Encode(&small, quantise(shown, 128)); err != nil {
		b.t.Fatalf("encode the screenshot: %v", err)
	}
	if err := os.WriteFile(path, small.Bytes(), 0o644); err != nil {
		b.t.Fatalf("write the screenshot: %v", err)
	}
}

// shade is a colour, and how many pixels have it.
type shade struct {
	rgb   [3]uint8
	count int
}

// quantise draws an image with so many colours at most, found by median cut: boxes of
// similar colours are halved, the one that would look worst first, until there are enough.
// An image that has no more colours than that stays as it is. What is translucent
// becomes solid.
func quantise(from image.Image, most int) *image.Paletted {
	counts := map[[3]uint8]int{}
	bounds := from.Bounds()
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			counts[rgb(from.At(x, y))]++
		}
	}
	indices := map[[3]uint8]uint8{}
	var palette color.Palette
	for _, box := range boxes(counts, most) {
		for _, s := range box {
			indices[s.rgb] = uint8(len(palette))
		}
		palette = append(palette, mean(box))
	}
	to := image.NewPaletted(bounds, palette)
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			to.SetColorIndex(x, y, indices[rgb(from.At(x, y))])
		}
	}
	return to
}

func rgb(c color.Color) [3]uint8 {
	r, g, b, _ := c.RGBA()
	return [3]uint8{uint8(r >> 8), uint8(g >> 8), uint8(b >> 8)}
}

// boxes share out the colours among so many boxes at most.
func boxes(counts map[[3]uint8]int, most int) [][]shade {
	var all []shade
	for c, n := range counts {
		all = append(all, shade{c, n})
	}
	slices.SortFunc(all, func(a, b shade) int { return slices.Compare(a.rgb[:], b.rgb[:]) }) // the same image, the same file
	found := [][]shade{all}
	for len(found) < most {
		worst, badness := 0, 0.0
		for i, box := range found {
			_, width := widest(box)
			if bad := float64(width) * math.Sqrt(float64(pixels(box))); bad > badness {
				worst, badness = i, bad
			}
		}
		if badness == 0 {
			break // every box is one colour
		}
		low, high := halve(found[worst])
		found[worst] = low
		found = append(found, high)
	}
	return found
}

// widest is the channel in which the colours of a box differ most, and by how much.
func widest(box []shade) (channel, width int) {
	for c := range 3 {
		low, high := box[0].rgb[c], box[0].rgb[c]
		for _, s := range box {
			low, high = min(low, s.rgb[c]), max(high, s.rgb[c])
		}
		if d := int(high) - int(low); d > width {
			channel, width = c, d
		}
	}
	return channel, width
}

func pixels(box []shade) (n int) {
	for _, s := range box {
		n += s.count
	}
	return n
}

// halve cuts a box where half of its pixels are on either side. Neither side is empty.
func halve(box []shade) (low, high []shade) {
	channel, _ := widest(box)
	slices.SortStableFunc(box, func(a, b shade) int { return cmp.Compare(a.rgb[channel], b.rgb[channel]) })
	half, before := pixels(box)/2, 0
	for i, s := range box[:len(box)-1] {
		before += s.count
		if before >= half {
			return box[:i+1], box[i+1:]
		}
	}
	return box[:len(box)-1], box[len(box)-1:]
}

func mean(box []shade) color.Color {
	var sums [3]int
	for _, s := range box {
		for c := range sums {
			sums[c] += int(s.rgb[c]) * s.count
		}
	}
	n := pixels(box)
	at := func(c int) uint8 { return uint8((sums[c] + n/2) / n) }
	return color.NRGBA{at(0), at(1), at(2), 255}
}
