/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an HTTP library gets of a connection: a bounded number of bytes, for as long as the gate wants. */
#include "config.h"

#include "till-gate-stream.h"

/*
 * Three objects: the stream, and the two halves that GIOStream wants. Both
 * halves are pollable, as libsoup reads without blocking. They know the stream
 * only while it lives; the stream knows the connection only until the gate
 * detaches it. libsoup may keep any of them longer (it leaks a server's
 * connection): what it keeps holds no descriptor then.
 */
struct _TillGateStream
{
  GIOStream             parent_instance;

  GIOStream            *base;          /* (nullable): detached */
  GByteArray           *ready;         /* read already, not handed on yet */
  gsize                 ready_at;
  gsize                 head_left;     /* of that: bytes of the head, which are not watched */
  gsize                 bound;         /* bytes that may still be read from the base */
  gboolean              ended;
  GCancellable         *gone;          /* wakes who waits */
  TillGateStreamClosed  closed;
  TillGateStreamWatch   watch;
  gpointer              data;

  GInputStream         *input;
  GOutputStream        *output;
};

G_DEFINE_FINAL_TYPE (TillGateStream, till_gate_stream, G_TYPE_IO_STREAM)

#define TILL_TYPE_GATE_INPUT (till_gate_input_get_type ())
G_DECLARE_FINAL_TYPE (TillGateInput, till_gate_input, TILL, GATE_INPUT, GInputStream)

struct _TillGateInput
{
  GInputStream    parent_instance;
  TillGateStream *stream;       /* (unowned) (nullable) */
};

#define TILL_TYPE_GATE_OUTPUT (till_gate_output_get_type ())
G_DECLARE_FINAL_TYPE (TillGateOutput, till_gate_output, TILL, GATE_OUTPUT, GOutputStream)

struct _TillGateOutput
{
  GOutputStream   parent_instance;
  TillGateStream *stream;       /* (unowned) (nullable) */
};

static void till_gate_input_pollable_init  (GPollableInputStreamInterface  *interface);
static void till_gate_output_pollable_init (GPollableOutputStreamInterface *interface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TillGateInput, till_gate_input, G_TYPE_INPUT_STREAM,
                               G_IMPLEMENT_INTERFACE (G_TYPE_POLLABLE_INPUT_STREAM, till_gate_input_pollable_init))
G_DEFINE_FINAL_TYPE_WITH_CODE (TillGateOutput, till_gate_output, G_TYPE_OUTPUT_STREAM,
                               G_IMPLEMENT_INTERFACE (G_TYPE_POLLABLE_OUTPUT_STREAM, till_gate_output_pollable_init))

static gboolean
has_ready (TillGateStream *self)
{
  return self->ready_at < self->ready->len;
}

/* Nothing more will ever come. */
static gboolean
is_at_end (TillGateStream *self)
{
  return self->ended || self->base == NULL || (!has_ready (self) && self->bound == 0);
}

static gboolean
let_through (TillGateStream *self,
             const guint8   *bytes,
             gsize           size)
{
  gsize skip = MIN (self->head_left, size);

  self->head_left -= skip;
  if (self->watch == NULL || size == skip || self->watch (self->data, bytes + skip, size - skip))
    return TRUE;

  self->ended = TRUE;

  return FALSE;
}

static gssize
read_some (TillGateStream  *self,
           void            *buffer,
           gsize            count,
           gboolean         blocking,
           GCancellable    *cancellable,
           GError         **error)
{
  gssize n;

  if (self == NULL || is_at_end (self))
    return 0;

  if (has_ready (self))
    {
      n = (gssize) MIN (count, self->ready->len - self->ready_at);
      memcpy (buffer, self->ready->data + self->ready_at, (gsize) n);
      self->ready_at += (gsize) n;
    }
  else
    {
      n = g_pollable_stream_read (g_io_stream_get_input_stream (self->base), buffer, MIN (count, self->bound), blocking,
                                  cancellable, error);
      if (n > 0)
        self->bound -= (gsize) n;
    }

  return n <= 0 || let_through (self, buffer, (gsize) n) ? n : 0;
}

static gssize
till_gate_input_read (GInputStream  *stream,
                      void          *buffer,
                      gsize          count,
                      GCancellable  *cancellable,
                      GError       **error)
{
  return read_some (TILL_GATE_INPUT (stream)->stream, buffer, count, TRUE, cancellable, error);
}

static gssize
till_gate_input_read_nonblocking (GPollableInputStream  *stream,
                                  void                  *buffer,
                                  gsize                  count,
                                  GError               **error)
{
  return read_some (TILL_GATE_INPUT (stream)->stream, buffer, count, FALSE, NULL, error);
}

static gboolean
till_gate_input_is_readable (GPollableInputStream *stream)
{
  TillGateStream *self = TILL_GATE_INPUT (stream)->stream;

  return self == NULL || is_at_end (self) || has_ready (self) ||
         g_pollable_input_stream_is_readable (G_POLLABLE_INPUT_STREAM (g_io_stream_get_input_stream (self->base)));
}

/* Ready when @child is, or when the connection is taken away. */
static GSource *
make_source (gpointer        stream,
             TillGateStream *self,
             GSource        *child,
             GCancellable   *cancellable)
{
  GSource *source = g_pollable_source_new_full (stream, child, cancellable);

  if (self != NULL)
    {
      g_autoptr(GSource) gone = g_cancellable_source_new (self->gone);

      g_source_set_dummy_callback (gone);
      g_source_add_child_source (source, gone);
    }

  return source;
}

static GSource *
till_gate_input_create_source (GPollableInputStream *stream,
                               GCancellable         *cancellable)
{
  TillGateStream *self = TILL_GATE_INPUT (stream)->stream;
  g_autoptr(GSource) child = NULL;

  if (self == NULL || is_at_end (self) || has_ready (self))
    child = g_timeout_source_new (0);
  else
    child = g_pollable_input_stream_create_source (G_POLLABLE_INPUT_STREAM (g_io_stream_get_input_stream (self->base)),
                                                   NULL);

  return make_source (stream, self, child, cancellable);
}

static void
till_gate_input_pollable_init (GPollableInputStreamInterface *interface)
{
  interface->is_readable = till_gate_input_is_readable;
  interface->create_source = till_gate_input_create_source;
  interface->read_nonblocking = till_gate_input_read_nonblocking;
}

static void
till_gate_input_class_init (TillGateInputClass *klass)
{
  G_INPUT_STREAM_CLASS (klass)->read_fn = till_gate_input_read;
}

static void
till_gate_input_init (TillGateInput *self)
{
}

static GOutputStream *
get_output (TillGateOutput  *self,
            GError         **error)
{
  if (self->stream != NULL && self->stream->base != NULL)
    return g_io_stream_get_output_stream (self->stream->base);

  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CLOSED, "the connection has ended");

  return NULL;
}

static gssize
till_gate_output_write (GOutputStream  *stream,
                        const void     *buffer,
                        gsize           count,
                        GCancellable   *cancellable,
                        GError        **error)
{
  GOutputStream *base = get_output (TILL_GATE_OUTPUT (stream), error);

  return base == NULL ? -1 : g_output_stream_write (base, buffer, count, cancellable, error);
}

static gssize
till_gate_output_write_nonblocking (GPollableOutputStream  *stream,
                                    const void             *buffer,
                                    gsize                   count,
                                    GError                **error)
{
  GOutputStream *base = get_output (TILL_GATE_OUTPUT (stream), error);

  return base == NULL ? -1 : g_pollable_output_stream_write_nonblocking (G_POLLABLE_OUTPUT_STREAM (base), buffer, count,
                                                                         NULL, error);
}

static gboolean
till_gate_output_is_writable (GPollableOutputStream *stream)
{
  GOutputStream *base = get_output (TILL_GATE_OUTPUT (stream), NULL);

  return base == NULL || g_pollable_output_stream_is_writable (G_POLLABLE_OUTPUT_STREAM (base));
}

static GSource *
till_gate_output_create_source (GPollableOutputStream *stream,
                                GCancellable          *cancellable)
{
  GOutputStream *base = get_output (TILL_GATE_OUTPUT (stream), NULL);
  g_autoptr(GSource) child = NULL;

  if (base == NULL)
    child = g_timeout_source_new (0);
  else
    child = g_pollable_output_stream_create_source (G_POLLABLE_OUTPUT_STREAM (base), NULL);

  return make_source (stream, TILL_GATE_OUTPUT (stream)->stream, child, cancellable);
}

static void
till_gate_output_pollable_init (GPollableOutputStreamInterface *interface)
{
  interface->is_writable = till_gate_output_is_writable;
  interface->create_source = till_gate_output_create_source;
  interface->write_nonblocking = till_gate_output_write_nonblocking;
}

static void
till_gate_output_class_init (TillGateOutputClass *klass)
{
  G_OUTPUT_STREAM_CLASS (klass)->write_fn = till_gate_output_write;
}

static void
till_gate_output_init (TillGateOutput *self)
{
}

static GInputStream *
till_gate_stream_get_input_stream (GIOStream *stream)
{
  return TILL_GATE_STREAM (stream)->input;
}

static GOutputStream *
till_gate_stream_get_output_stream (GIOStream *stream)
{
  return TILL_GATE_STREAM (stream)->output;
}

static void
tell_closed (TillGateStream *self)
{
  TillGateStreamClosed closed = g_steal_pointer (&self->closed);

  if (closed != NULL)
    closed (self->data);
}

static gboolean
till_gate_stream_close (GIOStream     *stream,
                        GCancellable  *cancellable,
                        GError       **error)
{
  tell_closed (TILL_GATE_STREAM (stream));

  return TRUE;
}

static void
till_gate_stream_close_async (GIOStream           *stream,
                              int                  io_priority,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (stream, cancellable, callback, user_data);

  g_task_set_source_tag (task, till_gate_stream_close_async);
  tell_closed (TILL_GATE_STREAM (stream));
  g_task_return_boolean (task, TRUE);
}

static gboolean
till_gate_stream_close_finish (GIOStream     *stream,
                               GAsyncResult  *result,
                               GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
till_gate_stream_dispose (GObject *object)
{
  TillGateStream *self = TILL_GATE_STREAM (object);

  /* Nobody is told any more. */
  self->closed = NULL;
  G_OBJECT_CLASS (till_gate_stream_parent_class)->dispose (object);
  till_gate_stream_detach (self);

  if (self->input != NULL)
    TILL_GATE_INPUT (self->input)->stream = NULL;
  if (self->output != NULL)
    TILL_GATE_OUTPUT (self->output)->stream = NULL;
  g_clear_object (&self->input);
  g_clear_object (&self->output);
}

static void
till_gate_stream_finalize (GObject *object)
{
  TillGateStream *self = TILL_GATE_STREAM (object);

  g_byte_array_unref (self->ready);
  g_object_unref (self->gone);

  G_OBJECT_CLASS (till_gate_stream_parent_class)->finalize (object);
}

static void
till_gate_stream_class_init (TillGateStreamClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GIOStreamClass *stream_class = G_IO_STREAM_CLASS (klass);

  object_class->dispose = till_gate_stream_dispose;
  object_class->finalize = till_gate_stream_finalize;
  stream_class->get_input_stream = till_gate_stream_get_input_stream;
  stream_class->get_output_stream = till_gate_stream_get_output_stream;
  stream_class->close_fn = till_gate_stream_close;
  stream_class->close_async = till_gate_stream_close_async;
  stream_class->close_finish = till_gate_stream_close_finish;
}

static void
till_gate_stream_init (TillGateStream *self)
{
  TillGateInput *input = g_object_new (TILL_TYPE_GATE_INPUT, NULL);
  TillGateOutput *output = g_object_new (TILL_TYPE_GATE_OUTPUT, NULL);

  input->stream = self;
  output->stream = self;
  self->input = G_INPUT_STREAM (input);
  self->output = G_OUTPUT_STREAM (output);
  self->ready = g_byte_array_new ();
  self->gone = g_cancellable_new ();
}

/**
 * till_gate_stream_new:
 * @base: the connection; both halves pollable
 * @head: what was read of the head
 * @head_size: its length
 * @more: what was read behind it
 * @more_size: its length
 * @bound: how many bytes may still be read behind that
 * @closed: called once, when the stream is closed
 * @watch: (nullable): called with all bytes behind the head
 * @data: for both
 *
 * Returns: (transfer full): the stream
 */
TillGateStream *
till_gate_stream_new (GIOStream            *base,
                      const guint8         *head,
                      gsize                 head_size,
                      const guint8         *more,
                      gsize                 more_size,
                      gsize                 bound,
                      TillGateStreamClosed  closed,
                      TillGateStreamWatch   watch,
                      gpointer              data)
{
  TillGateStream *self = g_object_new (TILL_TYPE_GATE_STREAM, NULL);

  self->base = g_object_ref (base);
  g_byte_array_append (self->ready, head, (guint) head_size);
  g_byte_array_append (self->ready, more, (guint) more_size);
  self->head_left = head_size;
  self->bound = bound;
  self->closed = closed;
  self->watch = watch;
  self->data = data;

  return self;
}

/**
 * till_gate_stream_detach:
 * @self: a stream
 *
 * Takes the connection away. Nobody is called back after that.
 */
void
till_gate_stream_detach (TillGateStream *self)
{
  self->closed = NULL;
  self->watch = NULL;
  self->data = NULL;
  if (self->base == NULL)
    return;

  g_clear_object (&self->base);
  g_cancellable_cancel (self->gone);
}
