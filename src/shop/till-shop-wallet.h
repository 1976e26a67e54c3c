/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What settling needs of the changes of wallet certificates. */
#pragma once

#include "till-change.h"

G_BEGIN_DECLS

/* A change that looks at the service whether an earlier one was done. */
TillChange *till_shop_look_again (TillShop               *shop,
                                  const TillIntentRecord *intent) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
