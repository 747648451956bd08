return 'returned';
