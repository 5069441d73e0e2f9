namespace EdgeBench.Devices.Power.Sessions;

/// <summary>
/// Means of a fast stream over bins of equal length: an instrument of 100,000 readings a second becomes as many as were asked for, and loses no energy.
/// </summary>
/// <param name="length">Of a bin, in seconds.</param>
internal sealed class ReadingBins(double length, Action<MeterReading> push)
{
    private double _start = double.NaN, _sum, _times;
    private int _count;

    public void Add(MeterReading reading)
    {
        if (!reading.IsUsable)
        {
            push(reading);
            return;
        }
        // The bin that began is over, or time went backwards: the next one begins here.
        if (_count > 0 && (reading.At - _start >= length || reading.At < _start)) Close();
        if (_count == 0) _start = reading.At;
        _sum += reading.Value;
        _times += reading.At;
        _count++;
    }

    private void Close()
    {
        push(new MeterReading(_times / _count, _sum / _count));
        (_sum, _times, _count) = (0, 0, 0);
    }
}
