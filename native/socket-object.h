#ifndef RXNETLINK_SOCKET_OBJECT_H
#define RXNETLINK_SOCKET_OBJECT_H

#include <napi.h>

namespace rxnetlink {

// The JavaScript class `Socket(datagramSize)`.
Napi::Function DefineSocket(Napi::Env env);

}  // namespace rxnetlink

#endif
