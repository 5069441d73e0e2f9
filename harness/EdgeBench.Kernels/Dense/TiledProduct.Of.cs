namespace EdgeBench.Kernels.Dense;

/// <summary>
/// Products by blocks that fit the caches. B is packed to panels; A is read where it lies if its inner index is contiguous, so that a few columns of B are
/// enough to be worth it. Where in neither the inner index is contiguous (gradients of weights), rows of both lie as a tile wants them, and nothing is packed
/// unless both are large. Source: K. Goto, R. van de Geijn, "Anatomy of High-Performance Matrix Multiplication", 2008, without its packing of A.
/// </summary>
internal sealed unsafe partial class TiledProduct<TTile> : TiledProduct
    where TTile : struct, ITile
{
    // Inner elements whose panels stay in the second-level cache between the tiles of a piece.
    private const int MaxInner = 768;

    // The same of factors that are not packed: lines of their rows stay in the first-level cache.
    private const int MaxDirectInner = 128;

    // Floats of packed panels that are in memory at once, of each factor, and inner elements of a block.
    private const int MaxPacked = 1 << 21, MaxDepth = 768;

    // Rows that lie this many floats apart share their places in a first-level cache, so they are packed too.
    private const int Colliding = 1024;

    // Rows and columns from which on even factors that could be read where they lie are packed: each element then serves so many sums.
    private const int WorthPacking = 512;

    // A piece is at most so many tiles high and panels wide; smaller where threads would get less than so many each. Tiles stay in the second-level
    // cache while panels pass through it, which are asked for in time: the more of these, the fewer times tiles come from further away.
    private const int MostTiles = 16, MostPanels = 16, PiecesOfThread = 6;

    // Of factors that are not packed: every piece reads all of its rows and columns from further away, so that few large ones are better.
    private const int MostDirectTiles = 32, MostDirectPanels = 16, DirectPiecesOfThread = 4;

    private Product _product;
    private bool _packsA, _packsB;
    private int _mostRows, _mostColumns, _mostDepth;
    private int _row, _rows, _column, _columns, _start, _depth;
    private int _tilesPerPiece, _panelsPerPiece;
    private float* _a, _b;

    public override bool Begin(in Product product)
    {
        _product = product;
        if (product.M == 0 || product.N == 0) return false;
        _packsB = !product.A.InnerMajor || !product.B.InnerMajor || product.B.IsHalf || Math.Min(product.M, product.N) >= WorthPacking;
        _packsA = _packsB && (product.A.InnerMajor || product.A.Stride % Colliding == 0);
        _mostDepth = _packsB ? Even(Math.Max(1, product.K), MaxDepth, 1) : Math.Max(1, product.K);
        _mostColumns = _packsB ? Even(product.N, Math.Max(TTile.Columns, MaxPacked / _mostDepth), TTile.Columns) : product.N;
        _mostRows = _packsA ? Even(product.M, Math.Max(TTile.Rows, MaxPacked / _mostDepth), TTile.Rows) : product.M;
        long floatsOfB = _packsB ? (long)_mostColumns * _mostDepth : 0, floatsOfA = _packsA ? (long)_mostRows * _mostDepth : 0;
        _b = Memory(floatsOfA + floatsOfB);
        _a = _b + floatsOfB;
        (_row, _column, _start) = (0, 0, 0);
        Enter();
        return true;
    }

    public override bool Advance()
    {
        if ((_column += _mostColumns) >= _product.N)
        {
            _column = 0;
            if ((_start += _mostDepth) >= _product.K)
            {
                _start = 0;
                if ((_row += _mostRows) >= _product.M) return false;
            }
        }
        Enter();
        return true;
    }

    public override void Pack(int piece)
    {
        int panels = Ceiling(_columns, TTile.Columns);
        if (piece < panels)
        {
            int column = piece * TTile.Columns;
            Panel.Pack(_product.B, _column + column, Math.Min(TTile.Columns, _columns - column), TTile.Columns, _start, _depth, _b + ((nint)column * _depth));
            return;
        }
        int row = (piece - panels) * TTile.Rows;
        Panel.Pack(_product.A, _row + row, Math.Min(TTile.Rows, _rows - row), TTile.Rows, _start, _depth, _a + ((nint)row * _depth));
    }

    public override void Multiply(int piece)
    {
        int tiles = Ceiling(_rows, TTile.Rows), panels = Ceiling(_columns, TTile.Columns), down = Ceiling(tiles, _tilesPerPiece);
        // Pieces of the same panels follow one another, which stay in the second-level cache.
        int firstTile = piece % down * _tilesPerPiece, firstPanel = piece / down * _panelsPerPiece;
        int lastTile = Math.Min(firstTile + _tilesPerPiece, tiles), lastPanel = Math.Min(firstPanel + _panelsPerPiece, panels);
        int step = Even(Math.Max(1, _depth), _packsB ? MaxInner : MaxDirectInner, 1);
        // What lies past a factor's last row is not its own: such a tile or panel is packed with zeros there.
        bool packsEdgeOfA = !_packsA && lastTile * TTile.Rows > _rows, packsEdgeOfB = !_packsB && lastPanel * TTile.Columns > _columns;
        float* edgeOfA = stackalloc float[packsEdgeOfA ? TTile.Rows * step : 1], edgeOfB = stackalloc float[packsEdgeOfB ? TTile.Columns * step : 1];
        for (int inner = 0; inner < Math.Max(1, _depth); inner += step)
        {
            int k = Math.Min(step, _depth - inner);
            if (packsEdgeOfA)
            {
                int row = (lastTile - 1) * TTile.Rows;
                Panel.Pack(_product.A, _row + row, _rows - row, TTile.Rows, _start + inner, k, edgeOfA);
            }
            if (packsEdgeOfB)
            {
                int column = (lastPanel - 1) * TTile.Columns;
                Panel.Pack(_product.B, _column + column, _columns - column, TTile.Columns, _start + inner, k, edgeOfB);
            }
            for (int panel = firstPanel; panel < lastPanel; panel++)
            {
                for (int tile = firstTile; tile < lastTile; tile++)
                {
                    One(tile * TTile.Rows, panel * TTile.Columns, inner, k, packsEdgeOfA && tile == lastTile - 1 ? edgeOfA : null, packsEdgeOfB && panel == lastPanel - 1 ? edgeOfB : null);
                }
            }
        }
    }

    private void Enter()
    {
        (_rows, _columns, _depth) = (Math.Min(_mostRows, _product.M - _row), Math.Min(_mostColumns, _product.N - _column), Math.Min(_mostDepth, _product.K - _start));
        int tiles = Ceiling(_rows, TTile.Rows), panels = Ceiling(_columns, TTile.Columns);
        bool packsAgain = _packsA && _column == 0;
        Packs = (_packsB ? panels : 0) + (packsAgain ? tiles : 0);
        _tilesPerPiece = Even(tiles, _packsB ? MostTiles : MostDirectTiles, 1);
        _panelsPerPiece = Even(panels, _packsB ? MostPanels : MostDirectPanels, 1);
        int wanted = Math.Max(1, _product.Threads) * (_packsB ? PiecesOfThread : DirectPiecesOfThread);
        // Flat pieces read more than square ones of the same size.
        while (Of(tiles, panels) < wanted && _tilesPerPiece * _panelsPerPiece > 2)
        {
            if (_tilesPerPiece > 1 && (_panelsPerPiece == 1 || _tilesPerPiece * TTile.Rows >= _panelsPerPiece * TTile.Columns)) _tilesPerPiece = Ceiling(_tilesPerPiece, 2);
            else _panelsPerPiece = Ceiling(_panelsPerPiece, 2);
        }
        Pieces = Of(tiles, panels);

        int Of(int tiles, int panels) => Ceiling(tiles, _tilesPerPiece) * Ceiling(panels, _panelsPerPiece);
    }

    // Pieces of equal length, a multiple of a step, of which none is longer than asked.
    private static int Even(int length, int most, int step)
    {
        int pieces = Ceiling(length, Math.Max(step, most / step * step));
        return Ceiling(Ceiling(length, pieces), step) * step;
    }

    private static int Ceiling(int value, int step) => (value + step - 1) / step;
}
