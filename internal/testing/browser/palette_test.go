package browser

import (
	"image"
	"image/color"
	"testing"
)

func TestFewColoursStayAsTheyAre(t *testing.T) {
	t.Parallel()
	from := image.NewNRGBA(image.Rect(0, 0, 16, 8))
	for i := range 128 {
		from.Set(i%16, i/16, color.NRGBA{uint8(i * 2), uint8(255 - i), uint8(i), 255})
	}
	to := quantise(from, 128)
	for i := range 128 {
		if x, y := i%16, i/16; rgb(to.At(x, y)) != rgb(from.At(x, y)) {
			t.Fatalf("the pixel at %d, %d is %v and was %v", x, y, to.At(x, y), from.At(x, y))
		}
	}
}

func TestManyColoursBecomeSimilarOnes(t *testing.T) {
	t.Parallel()
	from := image.NewNRGBA(image.Rect(0, 0, 256, 64))
	for x := range 256 {
		for y := range 64 {
			from.Set(x, y, color.NRGBA{uint8(x), uint8(y * 4), 128, 255})
		}
	}
	to := quantise(from, 128)
	if len(to.Palette) != 128 {
		t.Errorf("there are %d colours, want 128", len(to.Palette))
	}
	for x := range 256 {
		for y := range 64 {
			was, is := rgb(from.At(x, y)), rgb(to.At(x, y))
			for c := range 3 {
				if d := int(was[c]) - int(is[c]); d > 32 || d < -32 {
					t.Fatalf("the pixel at %d, %d is %v and was %v", x, y, is, was)
				}
			}
		}
	}
}
