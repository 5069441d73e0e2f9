using System.Text.Json;

namespace EdgeBench.Devices.Power.Tasmota;

/// <summary>Finds the power in what a Tasmota plug sends: <c>StatusSNS.ENERGY.Power</c> as an answer to Status 8 or 10, <c>ENERGY.Power</c> in its telemetry.</summary>
internal static class TasmotaStatus
{
    /// <summary>Power in W of a channel; a plug with several sends a list.</summary>
    public static double? Watts(JsonElement message, int channel)
    {
        if (message.ValueKind != JsonValueKind.Object) return null;
        JsonElement sensors = message.TryGetProperty("StatusSNS", out JsonElement answer) ? answer : message;
        if (sensors.ValueKind != JsonValueKind.Object || !sensors.TryGetProperty("ENERGY", out JsonElement energy)) return null;
        if (energy.ValueKind != JsonValueKind.Object || !energy.TryGetProperty("Power", out JsonElement power)) return null;
        return JsonNumber.Item(power, channel) is { } one ? JsonNumber.Of(one) : null;
    }
}
