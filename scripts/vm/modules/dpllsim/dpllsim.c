// SPDX-License-Identifier: MIT OR GPL-2.0
/*
 * Two phase-locked loops and four pins that are simulated, so that the dpll family of the kernel has objects to report:
 *
 *   loop 0 (eec)  <- gnss (an input with every property), sma (a connector), mux <- phy (an Ethernet port's clock)
 *   loop 1 (pps)  <- gnss
 *
 * The state that requests change is in module parameters: /sys/module/dpllsim/parameters shows the effect of a request
 * without netlink.
 */
#include <linux/dpll.h>
#include <linux/module.h>
#include <linux/version.h>

#define CLOCK 0x0123456789abcdefULL

/* Linux 7 tracks who holds what. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(7, 0, 0)
#define TRACKER , NULL
#else
#define TRACKER
#endif

static unsigned int mode = DPLL_MODE_AUTOMATIC;
static unsigned int lock_status = DPLL_LOCK_STATUS_HOLDOVER;
static unsigned int lock_status_error = DPLL_LOCK_STATUS_ERROR_MEDIA_DOWN;
static int temp = -7125;
static unsigned long frequency = 10000000;
static unsigned int prio = 3;
static unsigned int direction = DPLL_PIN_DIRECTION_INPUT;
static unsigned int state = DPLL_PIN_STATE_SELECTABLE;
static unsigned int phy_state = DPLL_PIN_STATE_CONNECTED;
static unsigned int reference_state = DPLL_PIN_STATE_DISCONNECTED;
static int phase_adjust = -1234;
static long phase_offset = -5000000123L;
static long offset_of_frequency = -42;
static unsigned long esync = 1;

module_param(mode, uint, 0644);
module_param(lock_status, uint, 0644);
module_param(lock_status_error, uint, 0644);
module_param(temp, int, 0644);
module_param(frequency, ulong, 0644);
module_param(prio, uint, 0644);
module_param(direction, uint, 0644);
module_param(state, uint, 0644);
module_param(phy_state, uint, 0644);
module_param(reference_state, uint, 0644);
module_param(phase_adjust, int, 0644);
module_param(phase_offset, long, 0644);
module_param(offset_of_frequency, long, 0644);
module_param(esync, ulong, 0644);

#define DEVICE const struct dpll_device *dpll, void *dpll_priv
#define PIN const struct dpll_pin *pin, void *pin_priv, DEVICE
#define REASON struct netlink_ext_ack *extack

/* A value that is read, and one that is written as well. */
#define GETTER(name, type, variable) \
	static int name##_get(PIN, type *value, REASON) { *value = variable; return 0; }
#define PROPERTY(name, type, variable) \
	GETTER(name, type, variable) \
	static int name##_set(PIN, const type value, REASON) { variable = value; return 0; }

PROPERTY(frequency, u64, frequency)
PROPERTY(direction, enum dpll_pin_direction, direction)
PROPERTY(prio, u32, prio)
PROPERTY(phase_adjust, s32, phase_adjust)
PROPERTY(state_on_dpll, enum dpll_pin_state, state)
GETTER(phase_offset, s64, phase_offset)

static const struct dpll_pin_frequency esync_range[] = { DPLL_PIN_FREQUENCY_1PPS, DPLL_PIN_FREQUENCY_RANGE(25, 50) };

static int esync_get(PIN, struct dpll_pin_esync *value, REASON)
{
	*value = (struct dpll_pin_esync){ .freq = esync, .range = esync_range, .range_num = 2, .pulse = 25 };
	return 0;
}

static int esync_set(PIN, u64 value, REASON)
{
	esync = value;
	return 0;
}

#if LINUX_VERSION_CODE >= KERNEL_VERSION(7, 0, 0)
static int ffo_get(PIN, struct dpll_ffo_param *value, REASON)
{
	value->ffo = offset_of_frequency;
	return 0;
}
#else
GETTER(ffo, s64, offset_of_frequency)
#endif

static int reference_get(const struct dpll_pin *pin, void *pin_priv, const struct dpll_pin *other, void *other_priv,
			 enum dpll_pin_state *value, REASON)
{
	*value = reference_state;
	return 0;
}

static int reference_set(const struct dpll_pin *pin, void *pin_priv, const struct dpll_pin *other, void *other_priv,
			 const enum dpll_pin_state value, REASON)
{
	reference_state = value;
	return 0;
}

static const struct dpll_pin_ops full = {
#if LINUX_VERSION_CODE >= KERNEL_VERSION(7, 0, 0)
	.supported_ffo = BIT(DPLL_FFO_PORT_RXTX_RATE),
#endif
	.frequency_get = frequency_get,
	.frequency_set = frequency_set,
	.direction_get = direction_get,
	.direction_set = direction_set,
	.state_on_dpll_get = state_on_dpll_get,
	.state_on_dpll_set = state_on_dpll_set,
	.prio_get = prio_get,
	.prio_set = prio_set,
	.phase_offset_get = phase_offset_get,
	.phase_adjust_get = phase_adjust_get,
	.phase_adjust_set = phase_adjust_set,
	.ffo_get = ffo_get,
	.esync_get = esync_get,
	.esync_set = esync_set,
	.ref_sync_get = reference_get,
	.ref_sync_set = reference_set,
};

static int fixed_direction(PIN, enum dpll_pin_direction *value, REASON)
{
	*value = DPLL_PIN_DIRECTION_OUTPUT;
	return 0;
}

static int fixed_state(PIN, enum dpll_pin_state *value, REASON)
{
	*value = DPLL_PIN_STATE_CONNECTED;
	return 0;
}

/* Of the connector and the multiplexer. */
static const struct dpll_pin_ops plain = {
	.direction_get = fixed_direction,
	.state_on_dpll_get = fixed_state,
	.ref_sync_get = reference_get,
};

static int on_pin_get(const struct dpll_pin *pin, void *pin_priv, const struct dpll_pin *parent, void *parent_priv,
		      enum dpll_pin_state *value, REASON)
{
	*value = phy_state;
	return 0;
}

static int on_pin_set(const struct dpll_pin *pin, void *pin_priv, const struct dpll_pin *parent, void *parent_priv,
		      const enum dpll_pin_state value, REASON)
{
	phy_state = value;
	return 0;
}

/* Of the pin behind the multiplexer. */
static const struct dpll_pin_ops behind = {
	.direction_get = fixed_direction,
	.state_on_pin_get = on_pin_get,
	.state_on_pin_set = on_pin_set,
};

static struct dpll_pin_frequency frequencies[] = {
	DPLL_PIN_FREQUENCY_1PPS,
	DPLL_PIN_FREQUENCY_10MHZ,
	DPLL_PIN_FREQUENCY_RANGE(1000, 5000000000ULL),
};

#define EVERYTHING \
	(DPLL_PIN_CAPABILITIES_DIRECTION_CAN_CHANGE | DPLL_PIN_CAPABILITIES_PRIORITY_CAN_CHANGE | \
	 DPLL_PIN_CAPABILITIES_STATE_CAN_CHANGE)

enum { GNSS, SMA, MUX, PHY, PINS };

static const struct dpll_pin_properties properties[PINS] = {
	[GNSS] = {
		.board_label = "GNSS0",
		.panel_label = "antenna",
		.package_label = "SDP-1",
		.type = DPLL_PIN_TYPE_GNSS,
		.capabilities = EVERYTHING,
		.freq_supported_num = ARRAY_SIZE(frequencies),
		.freq_supported = frequencies,
		.phase_range = { .min = -50000, .max = 60000 },
	},
	[SMA] = { .board_label = "SMA1", .type = DPLL_PIN_TYPE_EXT },
	[MUX] = { .board_label = "MUX0", .type = DPLL_PIN_TYPE_MUX },
	[PHY] = {
		.panel_label = "phy7",
		.type = DPLL_PIN_TYPE_SYNCE_ETH_PORT,
		.capabilities = DPLL_PIN_CAPABILITIES_STATE_CAN_CHANGE,
	},
};

static int mode_get(DEVICE, enum dpll_mode *value, REASON)
{
	*value = mode;
	return 0;
}

static int lock_status_get(DEVICE, enum dpll_lock_status *value, enum dpll_lock_status_error *error, REASON)
{
	*value = lock_status;
	*error = lock_status_error;
	return 0;
}

static int temp_get(DEVICE, s32 *value, REASON)
{
	*value = temp;
	return 0;
}

static int quality_get(DEVICE, unsigned long *levels, REASON)
{
	__set_bit(DPLL_CLOCK_QUALITY_LEVEL_ITU_OPT1_PRC, levels);
	__set_bit(DPLL_CLOCK_QUALITY_LEVEL_ITU_OPT1_EPRTC, levels);
	return 0;
}

static const struct dpll_device_ops device = {
	.mode_get = mode_get,
	.lock_status_get = lock_status_get,
	.temp_get = temp_get,
	.clock_quality_level_get = quality_get,
};

/* What the pins are registered with: the kernel takes a pin without it for one that has gone. */
static char own;

static struct dpll_device *loops[2];
static struct dpll_pin *pins[PINS];

static void put_all(void)
{
	int index;

	for (index = 0; index < PINS; index++)
		if (!IS_ERR_OR_NULL(pins[index]))
			dpll_pin_put(pins[index] TRACKER);
	for (index = 0; index < 2; index++)
		if (!IS_ERR_OR_NULL(loops[index]))
			dpll_device_put(loops[index] TRACKER);
}

static int get_all(void)
{
	int index;

	for (index = 0; index < 2; index++) {
		loops[index] = dpll_device_get(CLOCK, index, THIS_MODULE TRACKER);
		if (IS_ERR(loops[index]))
			return PTR_ERR(loops[index]);
	}
	for (index = 0; index < PINS; index++) {
		pins[index] = dpll_pin_get(CLOCK, index, THIS_MODULE, &properties[index] TRACKER);
		if (IS_ERR(pins[index]))
			return PTR_ERR(pins[index]);
	}
	return dpll_pin_ref_sync_pair_add(pins[GNSS], pins[SMA]);
}

static int __init dpllsim_init(void)
{
	int error = get_all();

	error = error ?: dpll_device_register(loops[0], DPLL_TYPE_EEC, &device, NULL);
	error = error ?: dpll_device_register(loops[1], DPLL_TYPE_PPS, &device, NULL);
	error = error ?: dpll_pin_register(loops[0], pins[SMA], &plain, &own);
	error = error ?: dpll_pin_register(loops[0], pins[GNSS], &full, &own);
	error = error ?: dpll_pin_register(loops[1], pins[GNSS], &full, &own);
	error = error ?: dpll_pin_register(loops[0], pins[MUX], &plain, &own);
	error = error ?: dpll_pin_on_pin_register(pins[MUX], pins[PHY], &behind, &own);
	/* A machine that runs for one test needs no way back. */
	if (error)
		put_all();
	return error;
}

static void __exit dpllsim_exit(void)
{
	dpll_pin_on_pin_unregister(pins[MUX], pins[PHY], &behind, &own);
	dpll_pin_unregister(loops[0], pins[MUX], &plain, &own);
	dpll_pin_unregister(loops[1], pins[GNSS], &full, &own);
	dpll_pin_unregister(loops[0], pins[GNSS], &full, &own);
	dpll_pin_unregister(loops[0], pins[SMA], &plain, &own);
	dpll_device_unregister(loops[1], &device, NULL);
	dpll_device_unregister(loops[0], &device, NULL);
	put_all();
}

module_init(dpllsim_init);
module_exit(dpllsim_exit);
MODULE_LICENSE("Dual MIT/GPL");
MODULE_DESCRIPTION("Phase-locked loops that exist nowhere");
