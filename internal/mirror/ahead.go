package mirror

import "context"

// ahead lets produce run ahead of consume, by so many things. It returns when both
// have, with the error of consume or else that of produce; consume gets all that was
// produced before an error.
func ahead[T any](ctx context.Context, n int, produce func(context.Context, func(T) error) error, consume func(<-chan T) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	things := make(chan T, n)
	var failed error
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		defer close(things)
		failed = produce(ctx, func(t T) error {
			select {
			case things <- t:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		})
	}()
	err := consume(things)
	cancel()
	<-ended
	if err != nil {
		return err
	}
	return failed
}
