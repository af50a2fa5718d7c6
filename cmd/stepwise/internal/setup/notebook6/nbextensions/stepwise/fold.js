// JupyterLab and Notebook 7 fold a cell's code if its metadata says so. Notebook 6
// doesn't know how, so this extension adds a button in place of the code.
define(['base/js/namespace', 'base/js/events'], function (Jupyter, events) {
    'use strict';

    function fold(cell) {
        var hidden = cell.cell_type === 'code' && (cell.metadata.jupyter || {}).source_hidden;
        if (!hidden || cell.element.find('.stepwise-fold').length) {
            return;
        }
        var code = cell.element.find('.inner_cell > .input_area');
        var button = document.createElement('button');
        button.className = 'btn btn-default btn-sm stepwise-fold';
        button.style.alignSelf = 'flex-start';
        function show(open) {
            code.toggle(open);
            button.textContent = open ? 'Hide the solution' : 'Show the solution';
            button.setAttribute('aria-expanded', String(open));
            if (open) {
                cell.code_mirror.refresh(); // it measured itself while it had no size
            }
        }
        button.onclick = function () { show(!code.is(':visible')); };
        code.before(button);
        show(false);
    }

    function foldAll() {
        Jupyter.notebook.get_cells().forEach(fold);
    }

    // Notebook 6 puts a long output into a box that scrolls. A picture brings a style with it
    // against that, which a notebook that isn't trusted loses.
    function unscroll() {
        var style = document.createElement('style');
        style.textContent = '.output_scroll:has(.stepwise) { height: auto; overflow: visible; box-shadow: none }';
        document.head.appendChild(style);
    }

    function load() {
        unscroll();
        if (Jupyter.notebook._fully_loaded) {
            foldAll();
        }
        events.on('notebook_loaded.Notebook', foldAll);
    }

    return {load_ipython_extension: load};
});
