#pragma once

#include <napi.h>

namespace rxnetlink {

// Adds the functions on network namespaces to the exports of the addon.
void ExportNamespaces(Napi::Env env, Napi::Object exports);

}  // namespace rxnetlink
