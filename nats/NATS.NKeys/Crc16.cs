namespace NATS.NKeys;

/// <summary>CRC-16/XMODEM: polynomial 0x1021, no reflection, start 0, as keys use it.</summary>
internal static class Crc16
{
    private const int Polynomial = 0x1021;
    private const int HighestBit = 0x8000;

    public static ushort Of(ReadOnlySpan<byte> data)
    {
        var crc = 0;
        foreach (var b in data)
        {
            crc ^= b << 8;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & HighestBit) != 0 ? (crc << 1) ^ Polynomial : crc << 1;
            }

            crc &= 0xFFFF;
        }

        return (ushort)crc;
    }
}
