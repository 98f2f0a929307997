package demo

import (
	"bytes"
	"context"
	"encoding/binary"
	"image"
	"image/color"
	"image/png"
	"io"
	"math"

	"parley/internal/attachment"
)

// upload keeps a file for the stories, and gives the link by which messages name it.
func (g *gardener) upload(ctx context.Context, name string, content io.Reader) (link string, err error) {
	u, err := g.Attachments.Receive(ctx, g.by.Organization, content, attachment.Claim{FileName: name})
	if err != nil {
		return "", err
	}
	made, err := g.Attachments.Keep(ctx, g.by, u)
	if err != nil {
		g.Attachments.Discard(ctx, u, err)
		return "", err
	}
	return g.URL + "/v1/attachments/" + string(made.ID) + "/content", nil
}

// cake is a drawing of a cake of three tiers.
func cake() io.Reader {
	const width, height = 360, 240
	drawn := image.NewPaletted(image.Rect(0, 0, width, height), color.Palette{
		color.RGBA{253, 241, 216, 255}, color.RGBA{255, 255, 255, 255}, color.RGBA{194, 37, 92, 255}, color.RGBA{180, 83, 10, 255}, color.RGBA{227, 230, 235, 255},
	})
	fill := func(left, top, right, bottom int, shade uint8) {
		for y := top; y < bottom; y++ {
			for x := left; x < right; x++ {
				drawn.SetColorIndex(x, y, shade)
			}
		}
	}
	fill(50, 206, 310, 214, 4) // the plate
	for tier := range 3 {
		left, top := 80+tier*34, 152-tier*50
		fill(left, top, width-left, top+54, 1)
		fill(left, top+42, width-left, top+54, 3)
		for x := left; x < width-left; x++ { // icing that runs down
			fill(x, top, x+1, top+12+int(5*math.Sin(float64(x)/6)), 2)
		}
	}
	fill(177, 28, 183, 52, 4) // a candle
	fill(177, 18, 183, 27, 3)
	var file bytes.Buffer
	_ = png.Encode(&file, drawn) // to memory
	return &file
}

// chime is the bell above the shop's door: a WAV file of two tones that fade.
func chime() io.Reader {
	const rate, seconds = 8000, 1.2
	samples := make([]byte, int(rate*seconds))
	for i := range samples {
		at := float64(i) / rate
		tone := 880.0
		if at > 0.4 {
			tone, at = 659.25, at-0.4
		}
		samples[i] = uint8(128 + 90*math.Exp(-5*at)*math.Sin(2*math.Pi*tone*at))
	}
	var file bytes.Buffer
	size := uint32(len(samples))
	for _, part := range []any{
		[]byte("RIFF"), 36 + size, []byte("WAVEfmt "), uint32(16), uint16(1), uint16(1), uint32(rate), uint32(rate), uint16(1), uint16(8), []byte("data"), size, samples,
	} {
		_ = binary.Write(&file, binary.LittleEndian, part) // to memory
	}
	return &file
}
