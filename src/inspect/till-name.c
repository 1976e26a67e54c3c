/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Distinguished and general names in text (RFC 4514, RFC 5280 4.2.1.6). */
#include "config.h"

#include "till-name.h"

#include <string.h>

#include "till-oid.h"
#include "till-x509.h"

/* More hexadecimal than this tells nobody anything. */
#define MAX_HEX_BYTES 256

#define TAG_OTHER_NAME     0xa0
#define TAG_EMAIL          0x81
#define TAG_DNS            0x82
#define TAG_X400           0xa3
#define TAG_DIRECTORY      0xa4
#define TAG_EDI_PARTY      0xa5
#define TAG_URI            0x86
#define TAG_ADDRESS        0x87
#define TAG_REGISTERED_ID  0x88

static const char upper_digits[] = "0123456789ABCDEF";

static void
append_octet (GString *to,
              guint8   octet)
{
  g_string_append_c (to, '\\');
  g_string_append_c (to, upper_digits[octet >> 4]);
  g_string_append_c (to, upper_digits[octet & 0x0f]);
}

/* One character of a value (RFC 4514 2.4). Control characters are escaped as
 * well, so that no name can play tricks on a terminal. */
static void
append_character (GString  *to,
                  gunichar  c,
                  gboolean  edge)
{
  char utf8[6];
  int n;

  if (c < 0x20 || c == 0x7f || (c >= 0x80 && c < 0xa0))
    {
      n = g_unichar_to_utf8 (c, utf8);
      for (int i = 0; i < n; i++)
        append_octet (to, (guint8) utf8[i]);
      return;
    }

  if (c < 0x80)
    {
      if (strchr ("\"+,;<>\\", (int) c) != NULL || (edge && c == ' '))
        g_string_append_c (to, '\\');
      g_string_append_c (to, (char) c);
      return;
    }

  g_string_append_unichar (to, c);
}

/* What needs no second look: printable ASCII that RFC 4514 does not escape. */
static gboolean
is_plain (guint8 c)
{
  return c > ' ' && c < 0x7f && c != '"' && c != '+' && c != ',' && c != ';' && c != '<' &&
         c != '>' && c != '\\';
}

/* Octets that are characters (Latin-1) or UTF-8. What is not valid UTF-8 is
 * written as octets, so nothing of the name is lost. */
static void
append_narrow (GString       *to,
               const TillDer *content,
               gboolean       utf8)
{
  const guint8 *at = content->data;
  const guint8 *end = content->end;

  if (at < end && *at == '#')
    g_string_append_c (to, '\\');

  while (at < end)
    {
      const guint8 *run = at;
      gboolean edge;

      while (at < end && is_plain (*at))
        at++;
      if (at > run)
        g_string_append_len (to, (const char *) run, at - run);
      if (at == end)
        break;

      edge = at == content->data || at + 1 == end;

      if (!utf8 || *at < 0x80)
        append_character (to, *at++, edge);
      else
        {
          gunichar c = g_utf8_get_char_validated ((const char *) at, end - at);

          if (c >= (gunichar) -2)
            append_octet (to, *at++);
          else
            {
              append_character (to, c, FALSE);
              at += g_unichar_to_utf8 (c, NULL);
            }
        }
    }
}

/* BMPString (with surrogate pairs) and UniversalString (X.690 8.23.9). */
static gboolean
append_wide (GString       *to,
             const TillDer *content,
             guint          width)
{
  gsize size = till_der_left (content);
  gsize undo = to->len;
  const guint8 *at = content->data;

  if (size % width != 0)
    return FALSE;

  while (at < content->end)
    {
      gboolean first = at == content->data;
      gunichar c = 0;

      for (guint i = 0; i < width; i++)
        c = (c << 8) | *at++;

      if (width == 2 && c >= 0xd800 && c < 0xdc00 && content->end - at >= 2 && (*at & 0xfc) == 0xdc)
        {
          c = 0x10000 + ((c - 0xd800) << 10) + ((((gunichar) at[0] & 0x03) << 8) | at[1]);
          at += 2;
        }

      if (!g_unichar_validate (c))
        {
          g_string_truncate (to, undo);
          return FALSE;
        }

      if (first && c == '#')
        g_string_append_c (to, '\\');
      append_character (to, c, first || at == content->end);
    }

  return TRUE;
}

static void
append_hex (GString      *to,
            const guint8 *data,
            gsize         size)
{
  g_string_append_c (to, '#');
  for (gsize i = 0; i < size; i++)
    {
      g_string_append_c (to, g_ascii_tolower (upper_digits[data[i] >> 4]));
      g_string_append_c (to, g_ascii_tolower (upper_digits[data[i] & 0x0f]));
    }
}

/* The value of an attribute: text, or # and its DER where it has no text or its
 * type has no name (RFC 4514 2.4). */
static void
append_value (GString              *to,
              const TillDerElement *value,
              gboolean              named)
{
  if (named)
    switch (value->tag)
      {
      case TILL_DER_UTF8_STRING:
        append_narrow (to, &value->content, TRUE);
        return;

      case TILL_DER_NUMERIC_STRING:
      case TILL_DER_PRINTABLE_STRING:
      case TILL_DER_T61_STRING:
      case TILL_DER_IA5_STRING:
      case TILL_DER_VISIBLE_STRING:
        append_narrow (to, &value->content, FALSE);
        return;

      case TILL_DER_BMP_STRING:
        if (append_wide (to, &value->content, 2))
          return;
        break;

      case TILL_DER_UNIVERSAL_STRING:
        if (append_wide (to, &value->content, 4))
          return;
        break;

      default:
        break;
      }

  append_hex (to, value->start, (gsize) (value->next - value->start));
}

/* Plain text of a value, without control characters. */
static char *
dup_plain (const TillDerElement *value)
{
  char *text = till_der_dup_text (value);
  GString *clean;

  if (text == NULL)
    return NULL;

  for (const char *at = text; ; at = g_utf8_next_char (at))
    {
      if (*at == '\0')
        return text;
      if (g_unichar_iscntrl (g_utf8_get_char (at)))
        break;
    }

  clean = g_string_new (NULL);
  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      g_string_append_unichar (clean, g_unichar_iscntrl (c) ? 0xfffd : c);
    }
  g_free (text);

  return g_string_free (clean, FALSE);
}

static void
keep_value (TillName             *name,
            const char           *type,
            const TillDerElement *value)
{
  char **field;
  char *text;

  if (type == NULL)
    return;
  else if (strcmp (type, "CN") == 0)
    field = &name->common_name;
  else if (strcmp (type, "O") == 0)
    field = &name->organization;
  else if (strcmp (type, "OU") == 0)
    field = &name->organizational_unit;
  else if (strcmp (type, "UID") == 0)
    field = &name->user_id;
  else
    return;

  /* From the most specific end: the first that is met is the last in the name. */
  if (*field != NULL)
    return;

  text = dup_plain (value);
  if (text != NULL && *text != '\0')
    *field = text;
  else
    g_free (text);
}

static gboolean
append_rdn (GString  *to,
            TillDer   set,
            TillName *name)
{
  gboolean first = TRUE;

  while (till_der_left (&set) > 0)
    {
      TillDerElement pair;
      TillDerElement oid;
      TillDerElement value;
      char dotted[TILL_OID_SIZE];
      const char *type;

      if (!till_der_read_tag (&set, TILL_DER_SEQUENCE, &pair) ||
          !till_der_read_tag (&pair.content, TILL_DER_OID, &oid) ||
          !till_der_read (&pair.content, &value) ||
          till_der_left (&pair.content) > 0 ||
          !till_oid_format (&oid.content, dotted))
        return FALSE;

      type = till_oid_attribute_name (dotted);
      if (to->len > 0)
        g_string_append_c (to, first ? ',' : '+');
      first = FALSE;
      g_string_append (to, type != NULL ? type : dotted);
      g_string_append_c (to, '=');
      append_value (to, &value, type != NULL);
      keep_value (name, type, &value);
    }

  return TRUE;
}

/**
 * till_name_read:
 * @der: the cursor; moved behind the name
 * @name: (out): what was read; free with till_name_clear()
 * @whole: (out): the name with its header
 *
 * Reads a Name (RFC 5280 4.1.2.4) and writes it as RFC 4514 says: last RDN
 * first, types without a short name as dotted OID with a value in hexadecimal.
 *
 * Returns: %FALSE where none stands there; nothing is to be freed then
 */
gboolean
till_name_read (TillDer  *der,
                TillName *name,
                TillDer  *whole)
{
  TillDerElement sequence;
  TillDer walk;
  GString *text;
  TillDer few[16];
  g_autofree TillDer *many = NULL;
  TillDer *sets = few;
  gsize n = 0;
  gsize room = G_N_ELEMENTS (few);

  memset (name, 0, sizeof *name);

  if (!till_der_read_tag (der, TILL_DER_SEQUENCE, &sequence))
    return FALSE;

  whole->data = sequence.start;
  whole->end = sequence.next;

  for (walk = sequence.content; till_der_left (&walk) > 0; n++)
    {
      TillDerElement set;

      if (!till_der_read_tag (&walk, TILL_DER_SET, &set))
        return FALSE;

      if (n == room)
        {
          TillDer *more = g_renew (TillDer, many, room * 2);

          if (many == NULL)
            memcpy (more, few, sizeof few);
          sets = many = more;
          room *= 2;
        }
      sets[n] = set.content;
    }

  text = g_string_sized_new (till_der_left (&sequence.content));
  while (n-- > 0)
    if (!append_rdn (text, sets[n], name))
      {
        g_string_free (text, TRUE);
        till_name_clear (name);
        return FALSE;
      }

  name->text = g_string_free (text, FALSE);
  return TRUE;
}

/**
 * till_name_clear:
 * @name: a name
 *
 * Frees what it holds.
 */
void
till_name_clear (TillName *name)
{
  g_clear_pointer (&name->text, g_free);
  g_clear_pointer (&name->common_name, g_free);
  g_clear_pointer (&name->organization, g_free);
  g_clear_pointer (&name->organizational_unit, g_free);
  g_clear_pointer (&name->user_id, g_free);
}

/**
 * till_name_dup_short:
 * @name: a name
 *
 * Returns: (transfer full): its CN, else its O, else all of it
 */
char *
till_name_dup_short (const TillName *name)
{
  if (name->common_name != NULL)
    return g_strdup (name->common_name);

  return g_strdup (name->organization != NULL ? name->organization : name->text);
}

/**
 * till_name_text_hash:
 * @text: a name in text
 *
 * Returns: a number that is the same for all names that till_name_text_matches()
 *   takes for one
 */
guint
till_name_text_hash (const char *text)
{
  guint hash = 5381;

  /* Other characters may be folded in any way, and spaces may be many. */
  for (const guint8 *at = (const guint8 *) text; *at != '\0'; at++)
    if (*at < 0x80 && *at != ' ' && *at != '\\')
      hash = hash * 33 + (guint8) g_ascii_tolower ((char) *at);

  return hash;
}

/* Lower case character by character, and spaces together. What is not ASCII stays
 * so, or names that match could differ in till_name_text_hash(). */
static char *
fold (const char *text)
{
  GString *folded = g_string_sized_new (strlen (text));

  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);
      gunichar lower = g_unichar_tolower (c);

      if (c == '\\' && at[1] == ' ')
        continue;

      if (c != ' ')
        g_string_append_unichar (folded, c < 0x80 || lower >= 0x80 ? lower : c);
      else if (folded->len > 0 && folded->str[folded->len - 1] != ' ')
        g_string_append_c (folded, ' ');
    }

  return g_string_free (folded, FALSE);
}

/**
 * till_name_text_matches:
 * @a: a name in text
 * @b: another one
 *
 * Compares as RFC 5280 7.1 wants it: the type of the strings, upper and lower
 * case and the number of spaces do not matter.
 *
 * Returns: whether they stand for the same name
 */
gboolean
till_name_text_matches (const char *a,
                        const char *b)
{
  g_autofree char *folded_a = NULL;
  g_autofree char *folded_b = NULL;

  if (strcmp (a, b) == 0)
    return TRUE;

  folded_a = fold (a);
  folded_b = fold (b);
  return strcmp (folded_a, folded_b) == 0;
}

static gboolean
is_utf8 (const guint8 *at,
         const guint8 *end)
{
  while (at < end)
    if (*at < 0x80)
      at++;
    else
      {
        gunichar c = g_utf8_get_char_validated ((const char *) at, end - at);

        if (c >= (gunichar) -2)
          return FALSE;
        at += g_unichar_to_utf8 (c, NULL);
      }

  return TRUE;
}

/**
 * till_name_dup_visible:
 * @data: (array length=size): octets of an IA5String or the like
 * @size: how many
 *
 * UTF-8 stays as it is (many write it against the standard), other octets are
 * read as Latin-1; control characters are written as \XX.
 *
 * Returns: (transfer full): valid UTF-8
 */
char *
till_name_dup_visible (const guint8 *data,
                       gsize         size)
{
  GString *text = g_string_sized_new (size);
  const guint8 *end = data + size;
  gboolean utf8 = is_utf8 (data, end);

  while (data < end)
    {
      gunichar c = utf8 && *data >= 0x80 ? g_utf8_get_char ((const char *) data) : *data;

      if (c < 0x20 || c == 0x7f || (c >= 0x80 && c < 0xa0))
        append_octet (text, (guint8) c);
      else
        g_string_append_unichar (text, c);
      data += utf8 ? g_unichar_to_utf8 (c, NULL) : 1;
    }

  return g_string_free (text, FALSE);
}

/**
 * till_name_dup_hex:
 * @data: (array length=size): any octets
 * @size: how many
 *
 * Returns: (transfer full): "#" and hexadecimal, of at most 256 octets
 */
char *
till_name_dup_hex (const guint8 *data,
                   gsize         size)
{
  GString *text = g_string_new (NULL);

  append_hex (text, data, MIN (size, MAX_HEX_BYTES));
  if (size > MAX_HEX_BYTES)
    g_string_append (text, "…");

  return g_string_free (text, FALSE);
}

static void
append_address (GString      *to,
                const guint8 *octets,
                gsize         size)
{
  guint best = 8;
  guint best_length = 1;
  guint run = 0;

  if (size == 4)
    {
      g_string_append_printf (to, "%u.%u.%u.%u", octets[0], octets[1], octets[2], octets[3]);
      return;
    }

  /* RFC 5952: the longest run of at least two zero groups is left out. */
  for (guint i = 0; i < 8; i++)
    {
      run = octets[2 * i] == 0 && octets[2 * i + 1] == 0 ? run + 1 : 0;
      if (run > best_length)
        {
          best_length = run;
          best = i + 1 - run;
        }
    }

  for (guint i = 0; i < 8; i++)
    if (i == best)
      {
        g_string_append (to, "::");
        i += best_length - 1;
      }
    else
      g_string_append_printf (to, "%s%x", i > 0 && i != best + best_length ? ":" : "",
                              octets[2 * i] << 8 | octets[2 * i + 1]);
}

/* How many bits a mask sets; -1 where they do not stand together. */
static int
mask_length (const guint8 *octets,
             gsize         size)
{
  gsize n = 0;

  while (n < size * 8 && (octets[n / 8] & (0x80 >> (n % 8))) != 0)
    n++;
  for (gsize i = n; i < size * 8; i++)
    if ((octets[i / 8] & (0x80 >> (i % 8))) != 0)
      return -1;

  return (int) n;
}

/**
 * till_name_dup_address:
 * @content: octets of an iPAddress
 * @with_mask: a mask follows the address, as in name constraints (RFC 5280 4.2.1.10)
 *
 * Returns: (transfer full): the address (RFC 5952), with a mask as in 10.0.0.0/8;
 *   hexadecimal for octets of another number
 */
char *
till_name_dup_address (const TillDer *content,
                       gboolean       with_mask)
{
  gsize size = till_der_left (content);
  gsize address = with_mask ? size / 2 : size;
  GString *text;

  if ((address != 4 && address != 16) || (with_mask && size != address * 2))
    return till_name_dup_hex (content->data, size);

  text = g_string_new (NULL);
  append_address (text, content->data, address);
  if (with_mask)
    {
      int length = mask_length (content->data + address, address);

      g_string_append_c (text, '/');
      if (length >= 0)
        g_string_append_printf (text, "%d", length);
      else
        append_address (text, content->data + address, address);
    }

  return g_string_free (text, FALSE);
}

/* AnotherName: an OID and any value (RFC 5280 4.2.1.6). */
static char *
dup_other_name (TillDer content)
{
  TillDerElement oid;
  TillDerElement wrapper;
  TillDerElement value;
  char dotted[TILL_OID_SIZE];
  g_autofree char *text = NULL;

  if (!till_der_read_tag (&content, TILL_DER_OID, &oid) ||
      !till_oid_format (&oid.content, dotted) ||
      !till_der_read_tag (&content, TILL_DER_CONTEXT_0, &wrapper) ||
      !till_der_read (&wrapper.content, &value))
    return NULL;

  if (value.tag == TILL_DER_UTF8_STRING || value.tag == TILL_DER_IA5_STRING)
    {
      text = till_name_dup_visible (value.content.data, till_der_left (&value.content));
      return g_strdup_printf ("otherName:%s;%s:%s", dotted,
                              value.tag == TILL_DER_UTF8_STRING ? "UTF8" : "IA5", text);
    }

  text = dup_plain (&value);
  if (text != NULL)
    return g_strdup_printf ("otherName:%s;TEXT:%s", dotted, text);

  text = till_name_dup_hex (value.start, (gsize) (value.next - value.start));
  return g_strdup_printf ("otherName:%s;%s", dotted, text);
}

static char *
dup_labelled (const char *label,
              char       *text)
{
  char *labelled = g_strconcat (label, ":", text, NULL);

  g_free (text);
  return labelled;
}

/**
 * till_name_read_general:
 * @der: the cursor; moved behind the name
 * @with_mask: addresses are followed by a mask
 *
 * Reads a GeneralName (RFC 5280 4.2.1.6).
 *
 * Returns: (transfer full) (nullable): such as "DNS:shop.example"; %NULL where
 *   none stands there
 */
char *
till_name_read_general (TillDer  *der,
                        gboolean  with_mask)
{
  TillDerElement element;
  char dotted[TILL_OID_SIZE];

  if (!till_der_read (der, &element))
    return NULL;

  switch (element.tag)
    {
    case TAG_DNS:
    case TAG_EMAIL:
    case TAG_URI:
      return dup_labelled (element.tag == TAG_DNS ? "DNS" : element.tag == TAG_EMAIL ? "email" : "URI",
                           till_name_dup_visible (element.content.data,
                                                  till_der_left (&element.content)));

    case TAG_ADDRESS:
      return dup_labelled ("IP", till_name_dup_address (&element.content, with_mask));

    case TAG_DIRECTORY:
      {
        g_auto(TillName) name = { NULL, };
        TillDer whole;

        if (!till_name_read (&element.content, &name, &whole))
          return NULL;

        return g_strconcat ("dirName:", name.text, NULL);
      }

    case TAG_REGISTERED_ID:
      if (!till_oid_format (&element.content, dotted))
        return NULL;

      return g_strconcat ("RID:", dotted, NULL);

    case TAG_OTHER_NAME:
      return dup_other_name (element.content);

    case TAG_X400:
    case TAG_EDI_PARTY:
      return dup_labelled (element.tag == TAG_X400 ? "x400Name" : "ediPartyName",
                           till_name_dup_hex (element.content.data, till_der_left (&element.content)));

    default:
      return NULL;
    }
}

/**
 * till_name_read_general_names:
 * @names: content octets of a GeneralNames
 * @with_mask: addresses are followed by a mask
 * @into: (element-type utf8): where the texts go
 *
 * Names that can't be read are left out.
 *
 * Returns: whether all could be read
 */
gboolean
till_name_read_general_names (TillDer    names,
                              gboolean   with_mask,
                              GPtrArray *into)
{
  gboolean all = TRUE;

  while (till_der_left (&names) > 0)
    {
      TillDer before = names;
      char *text = till_name_read_general (&names, with_mask);

      if (text != NULL)
        g_ptr_array_add (into, text);
      else
        {
          all = FALSE;
          if (names.data == before.data)
            break;
        }
    }

  return all;
}
