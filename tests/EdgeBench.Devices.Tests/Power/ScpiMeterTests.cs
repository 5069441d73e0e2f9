using System.Net;
using System.Net.Sockets;
using System.Text;
using EdgeBench.Devices.Power;

namespace EdgeBench.Devices.Tests.Power;

public class ScpiMeterTests
{
    [Fact]
    public async Task Voltage_times_current_is_asked_for()
    {
        using Instrument instrument = new(question => question == "MEAS:VOLT?" ? "5.1000E+00\n" : "+1.20E+00\r\n");
        Assert.Equal(6.12, await Meters.WattsAsync("scpi", SystemRoot.Real, instrument.Options), 9);
        Assert.Equal(["MEAS:VOLT?", "MEAS:CURR?"], instrument.Asked.Take(2));
    }

    [Fact]
    public async Task Power_is_one_question_where_the_instrument_knows_it()
    {
        using Instrument instrument = new(question => question == "MEAS:POW? CH2" ? "3.25\n" : "0\n");
        Assert.Equal(3.25, await Meters.WattsAsync("scpi", SystemRoot.Real, instrument.Options[..^1] + """, "power_query": "MEAS:POW? CH2"}"""));
    }

    [Theory]
    [InlineData("VOLT 24")]
    [InlineData("MEAS:VOLT?;VOLT 24")]
    [InlineData("MEAS:VOLT?\nVOLT 24")]
    [InlineData("VOLT 24 ?")]
    [InlineData("?")]
    [InlineData("")]
    public async Task What_could_set_something_is_never_sent(string query)
    {
        using Instrument instrument = new(_ => "1\n");
        string options = instrument.Options[..^1] + $$""", "voltage_query": {{System.Text.Json.JsonSerializer.Serialize(query)}}}""";
        Assert.Contains("is no single question", await Meters.RefusalAsync("scpi", SystemRoot.Real, options), StringComparison.Ordinal);
        Assert.Empty(instrument.Asked);
    }

    [Theory]
    [InlineData("overload\n")]
    [InlineData("")]
    [InlineData("5\n5\n")]
    [InlineData("5")]
    public async Task An_instrument_that_does_not_answer_one_number_in_time_is_refused(string answer)
    {
        using Instrument instrument = new(_ => answer);
        Assert.Contains("no instrument answers", await Meters.RefusalAsync("scpi", SystemRoot.Real, instrument.Options), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_late_answer_is_never_taken_for_the_next_questions()
    {
        int asked = 0;
        // The third answer comes after its time limit; on the old connection it would be read as a current of 230 A.
        using Instrument instrument = new(question =>
        {
            if (Interlocked.Increment(ref asked) == 3) Thread.Sleep(1300);
            return question == "MEAS:VOLT?" ? "230\n" : "0.01\n";
        });
        List<MeterReading> readings = await Meters.ReadAsync("scpi", SystemRoot.Real, 4, instrument.Options);
        Assert.Contains(readings, reading => reading.Flaw == ReadingFlaw.Unreadable);
        Assert.All(readings.Where(reading => reading.IsUsable), reading => Assert.Equal(2.3, reading.Value, 9));
        Assert.Contains(readings, reading => reading.IsUsable);
    }

    private sealed class Instrument : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly Func<string, string> _answer;

        public Instrument(Func<string, string> answer)
        {
            _answer = answer;
            _listener.Start();
            _ = Task.Run(ServeAsync);
        }

        public List<string> Asked { get; } = [];

        public string Options => $$"""{"host": "127.0.0.1", "port": {{((IPEndPoint)_listener.LocalEndpoint).Port}}, "rate": 20}""";

        public void Dispose() => _listener.Dispose();

        private async Task ServeAsync()
        {
            try
            {
                while (true) _ = TalkAsync(await _listener.AcceptTcpClientAsync());
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                // The test is over.
            }
        }

        private async Task TalkAsync(TcpClient client)
        {
            using (client)
            {
                try
                {
                    using StreamReader reader = new(client.GetStream(), Encoding.ASCII);
                    while (await reader.ReadLineAsync() is { } question)
                    {
                        lock (Asked) Asked.Add(question);
                        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(_answer(question)));
                    }
                }
                catch (IOException)
                {
                    // The meter hung up.
                }
            }
        }
    }
}
